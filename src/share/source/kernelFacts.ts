import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { Package, Provenance } from '../../../contract/share/records.js';

/** Longest wait for a kernel's answer, in milliseconds. */
const PATIENCE_MS = 2000;
const MOST_PACKAGES = 5000;

// One line per package, each metadata file read once. Names that would need quoting are left out.
const LIST_PACKAGES =
  `'\\n'.join(sorted({f'{m["Name"]}=={m["Version"]}' ` +
  `for m in (d.metadata for d in __import__('importlib.metadata').metadata.distributions()) ` +
  `if __import__('re').fullmatch('[A-Za-z0-9._-]+==[A-Za-z0-9._+!-]+', f'{m["Name"]}=={m["Version"]}')}))`;

/** The part of a session that is looked at. */
export type FactsSession = Pick<ISessionContext, 'session' | 'specsManager'>;

/**
 * What a notebook runs on: kernel, language and, where a Python kernel is idle, the packages installed in it.
 *
 * Answers within two seconds. A busy kernel is not asked; a silent request leaves no trace in its history.
 */
export async function kernelFacts(context: FactsSession, options: { packages: boolean }): Promise<Provenance> {
  const kernel = context.session?.kernel;
  if (!kernel) return {};
  const spec = context.specsManager.specs?.kernelspecs[kernel.name];
  const until = Date.now() + PATIENCE_MS;
  const language = await within(
    until,
    kernel.info.then(info => info.language_info)
  );
  const packages = options.packages && language?.name === 'python' ? await installed(kernel, until) : undefined;
  return {
    kernel: {
      name: clip(kernel.name, 200),
      ...(spec && { displayName: clip(spec.display_name, 200) }),
      ...((language?.name ?? spec?.language) && { language: clip(language?.name ?? spec?.language ?? '', 100) }),
      ...(language?.version && { languageVersion: clip(language.version, 100) })
    },
    ...(packages && packages.length > 0 && { packages })
  };
}

async function installed(kernel: Kernel.IKernelConnection, until: number): Promise<Package[] | undefined> {
  if (kernel.status !== 'idle' || kernel.connectionStatus !== 'connected') return undefined;
  const future = kernel.requestExecute(
    {
      code: '',
      silent: true,
      store_history: false,
      allow_stdin: false,
      user_expressions: { lakeside: LIST_PACKAGES }
    },
    true
  );
  const reply = await within<KernelMessage.IExecuteReplyMsg | undefined>(until, future.done);
  if (reply === undefined) future.dispose();
  return parsePackages(reply?.content);
}

/** The packages in an answer; undefined where there are none to read. */
export function parsePackages(content: unknown): Package[] | undefined {
  const expression = (
    content as { user_expressions?: { lakeside?: { status?: string; data?: Record<string, unknown> } } } | undefined
  )?.user_expressions?.lakeside;
  const text = expression?.data?.['text/plain'];
  if (expression?.status !== 'ok' || typeof text !== 'string') return undefined;
  return text
    .slice(1, -1)
    .split('\\n')
    .flatMap(line => {
      const [name, version, ...rest] = line.split('==');
      return name && version && rest.length === 0 ? [{ name: clip(name, 200), version: clip(version, 100) }] : [];
    })
    .slice(0, MOST_PACKAGES);
}

/** The value of a promise, or undefined when it fails or takes too long. */
async function within<T>(until: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>(resolve => (timer = setTimeout(() => resolve(undefined), until - Date.now())));
  try {
    return await Promise.race([promise, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function clip(text: string, length: number): string {
  return text.slice(0, length);
}
