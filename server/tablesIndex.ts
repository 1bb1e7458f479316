/**
 * The thread of the index of tables: sorting, searching and packing a million names would hold up everything else.
 * Started and ended by adapters/tableindex-worker.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createIndexEngine } from './tables/index/engine.js';
import { createIndexFiles } from './tables/index/files.js';
import type { FromWorker, ToWorker, WorkerSettings } from './tables/index/protocol.js';

const { directory } = workerData as WorkerSettings;
const quiet = (): void => undefined;
const warn = (fields: object, message: string): void => {
  const { err, file } = fields as { err?: unknown; file?: string };
  send({ type: 'warning', stack: stackOf(err), file: file ?? '', message });
};
const log = { debug: quiet, info: quiet, warn, error: warn };
const index = createIndexEngine({ files: createIndexFiles({ directory, log }) });
const methods = index as unknown as Record<string, (...given: unknown[]) => unknown>;

parentPort?.on('message', (message: ToWorker) => {
  if (message.id === undefined) methods[message.method]?.(...message.arguments);
  else void answer(message.id, message.method, message.arguments);
});

async function answer(id: number, method: string, given: unknown[]): Promise<void> {
  try {
    const value = await methods[method]?.(...given);
    send({ type: 'result', id, value });
  } catch (error) {
    send({ type: 'fault', id, stack: stackOf(error) });
  }
}

function send(message: FromWorker): void {
  parentPort?.postMessage(message);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
