import { join } from 'node:path';
import { ProblemError } from '../../contract/problem.js';
import { composeClock } from '../compose.js';
import { composeStore, composeStoreAt } from '../composeStores.js';
import { readConfig } from '../config.js';
import { createLog } from '../logging.js';
import { copyArchive } from '../share/archive/copy.js';
import { readArguments } from './arguments.js';
import { bytesInWords, print, printJson, progress } from './output.js';
import { copyUsage } from './usage.js';

/** `lakeside library copy`: the whole archive, from one storage to another. */
export async function copy(args: readonly string[]): Promise<number> {
  const { values } = readArguments(
    args,
    {
      from: { type: 'string' },
      to: { type: 'string' },
      verify: { type: 'boolean' },
      json: { type: 'boolean' }
    },
    { min: 0, usage: copyUsage }
  );
  if (values.from === undefined && values.to === undefined) {
    throw new ProblemError('bad-request', `Say where to copy from or to. Write: ${copyUsage}`);
  }
  const config = readConfig('cli');
  const log = createLog(config.logLevel, line => process.stderr.write(line));
  const around = { config, log, programs: __dirname };
  const open = (place: string | undefined): ReturnType<typeof composeStore> =>
    place === undefined ? composeStore(around) : composeStoreAt(around, place);
  const from = await open(values.from);
  const to = await open(values.to);
  try {
    const result = await copyArchive({
      from,
      to,
      temporaryDirectory: join(config.home, 'cache', 'copy'),
      clock: composeClock(),
      verifyAll: values.verify ?? false,
      onProgress: ({ copied, bytes, present }) =>
        progress(`${copied} objects copied, ${bytesInWords(bytes)}; ${present} were there`)
    });
    progress(undefined);
    if (result.copied + result.present === 0) {
      throw new ProblemError(
        'file-not-found',
        `There is no archive at ${values.from ?? 'the place that Lakeside uses now'}. Check --from.`
      );
    }
    if (values.json) printJson(result);
    else print(inWords(result));
    return 0;
  } finally {
    progress(undefined);
    await from.close();
    await to.close();
  }
}

function inWords({ copied, bytes, present }: Awaited<ReturnType<typeof copyArchive>>): string {
  const all = `All ${present} objects are in both places`;
  return copied === 0 ? `${all}; nothing was to do.` : `${all}; ${copied} were copied, ${bytesInWords(bytes)}.`;
}
