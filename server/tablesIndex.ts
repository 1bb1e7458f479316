/**
 * The process of the index of tables: sorting, searching and packing a million names would hold up everything else, and
 * the sidecar's own process has no optimising compilers. Started and ended by adapters/tableindex-process.
 */
import { createIndexEngine } from './tables/index/engine.js';
import { createIndexFiles } from './tables/index/files.js';
import type { FromIndex, IndexSettings, ToIndex } from './tables/index/protocol.js';

const { directory } = JSON.parse(process.argv[2] ?? '{}') as IndexSettings;
const quiet = (): void => undefined;
const warn = (fields: object, message: string): void => {
  const { err, file } = fields as { err?: unknown; file?: string };
  send({ type: 'warning', stack: stackOf(err), file: file ?? '', message });
};
const log = { debug: quiet, info: quiet, warn, error: warn };
const index = createIndexEngine({ files: createIndexFiles({ directory, log }) });
const methods = index as unknown as Record<string, (...given: unknown[]) => unknown>;

process.on('message', (message: ToIndex) => {
  if (message.id === undefined) methods[message.method]?.(...message.arguments);
  else void answer(message.id, message.method, message.arguments);
});
// The parent is gone: nobody asks any more.
process.on('disconnect', () => process.exit(0));

async function answer(id: number, method: string, given: unknown[]): Promise<void> {
  try {
    const value = await methods[method]?.(...given);
    send({ type: 'result', id, value });
  } catch (error) {
    send({ type: 'fault', id, stack: stackOf(error) });
  }
}

function send(message: FromIndex): void {
  process.send?.(message);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
