import { ProblemError } from '../../contract/problem.js';
import type { ComposedWikis } from '../composeWikis.js';
import { withoutSecrets } from '../logging.js';
import type { OutsidePlugin } from '../plugins/outside.js';
import type { Finding } from '../plugins/plugin.js';

/** How long a wiki or a plug-in may take to show that it can be used, in milliseconds. */
const PATIENCE = 30_000;

export const signs = { ok: '✓', warning: '!', failed: '✗' } as const;

/**
 * Whether a wiki can be used, and what its account lacks. Writes nothing there, tells no secret, and ends in time.
 *
 * @throws ProblemError `not-found` for a name that is in no configuration
 */
export function testTarget(wikis: ComposedWikis, name: string, patience = PATIENCE): Promise<Finding[]> {
  return inTime(signal => wikis.check(name, signal), patience);
}

/** Whether a plug-in from outside can be loaded. */
export function testPlugin(plugin: OutsidePlugin, patience = PATIENCE): Promise<Finding[]> {
  return inTime(async () => {
    await plugin.load();
    const { package: name, version, folder, id } = plugin.outside;
    return [{ state: 'ok', detail: `${name} ${version} from ${folder}, for targets of the kind ${id}` }];
  }, patience);
}

/** What a check found; that it found nothing where it takes too long. */
export async function inTime(
  check: (signal: AbortSignal) => Promise<Finding[]>,
  patience = PATIENCE
): Promise<Finding[]> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>(resolve => {
    timer = setTimeout(() => {
      resolve([
        {
          state: 'failed',
          detail: `It gave no answer within ${Math.round(patience / 1000)} seconds.`,
          cure: 'Look whether it can be reached from this machine.'
        }
      ]);
      controller.abort();
    }, patience);
  });
  try {
    const found = await Promise.race([check(controller.signal).catch(asFinding), late]);
    return found.map(clean);
  } finally {
    clearTimeout(timer);
  }
}

/** A problem of one wiki is what its test found; a name that is in no configuration is the caller's mistake. */
function asFinding(error: unknown): Finding[] {
  if (error instanceof ProblemError && error.code === 'not-found') throw error;
  return [{ state: 'failed', detail: error instanceof Error ? error.message : String(error) }];
}

function clean({ state, detail, cure }: Finding): Finding {
  return { state, detail: withoutSecrets(detail), ...(cure !== undefined && { cure: withoutSecrets(cure) }) };
}
