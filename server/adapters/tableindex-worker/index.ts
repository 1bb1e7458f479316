import { Worker } from 'node:worker_threads';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock, Log } from '../../ports.js';
import type { TableIndex } from '../../tables/index/ports.js';
import type { Asked, FromWorker, Told, ToWorker, WorkerSettings } from '../../tables/index/protocol.js';

export interface WorkerIndexOptions {
  /** The bundled program `tablesIndex.js`. */
  program: string;
  /** `<home>/tables` */
  directory: string;
  /** Most memory of the thread, in MB. */
  memoryMb: number;
  /** Time without questions after which the thread ends, in milliseconds. */
  idle: number;
  clock: Clock;
  log: Log;
}

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

/**
 * The index in a thread of its own, which starts with the first question, and ends when there was none for a while:
 * what it holds it takes up from its files again. What was staged and not committed is lost then.
 */
export function createWorkerIndex(options: WorkerIndexOptions): TableIndex {
  const { program, directory, memoryMb, idle, clock, log } = options;
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let next = 1;
  let closed = false;
  let rest = new AbortController();

  function start(): Worker {
    const settings: WorkerSettings = { directory };
    const made = new Worker(program, {
      workerData: settings,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      env: {},
      name: 'tables'
    });
    made.on('message', (message: FromWorker) => receive(message));
    made.on('error', error => log.error({ err: error }, 'the index of tables failed'));
    made.on('exit', () => gone(made));
    // It never keeps a process alive that has nothing else to do.
    made.unref();
    return made;
  }

  function receive(message: FromWorker): void {
    if (message.type === 'warning') {
      log.warn({ details: message.stack, file: message.file }, message.message);
      return;
    }
    const { id } = message;
    const call = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) restSoon();
    if (message.type === 'result') call?.resolve(message.value as never);
    else call?.reject(failed(message.stack));
  }

  function failed(details: string): ProblemError {
    log.error({ details }, 'the index of tables failed');
    return new ProblemError('internal', 'The index of tables failed. Try again; it is read anew.', { cause: details });
  }

  function gone(ended: Worker): void {
    if (worker !== ended) return;
    worker = undefined;
    for (const { reject } of waiting.values()) reject(failed('its thread ended'));
    waiting.clear();
  }

  function send(message: ToWorker): void {
    if (closed) throw new ProblemError('stopping', 'Lakeside is stopping. Try again in a moment.');
    rest.abort();
    worker ??= start();
    // While it works it keeps this process alive: somebody waits for it.
    if (message.id !== undefined) worker.ref();
    worker.postMessage(message);
  }

  function restSoon(): void {
    worker?.unref();
    rest = new AbortController();
    clock.sleep(idle, rest.signal).then(
      () => {
        const ending = worker;
        worker = undefined;
        void ending?.terminate();
      },
      () => undefined
    );
  }

  function ask<T>(method: Asked, ...given: unknown[]): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject });
      try {
        send({ id, method, arguments: given });
      } catch (error) {
        waiting.delete(id);
        reject(error as Error);
      }
    });
  }

  const tell = (method: Told, ...given: unknown[]): void => send({ id: undefined, method, arguments: given });

  return {
    kept: key => ask('kept', key),
    stage: (key, schema, kind, text) => tell('stage', key, schema, kind, text),
    commit: (key, schema, kind, at) => ask('commit', key, schema, kind, at),
    drop: (key, schema, kind) => tell('drop', key, schema, kind),
    finish: (key, schemas, asOf) => ask('finish', key, schemas, asOf),
    save: key => ask('save', key),
    page: (key, schema, offset, limit) => ask('page', key, schema, offset, limit),
    names: (key, schema, encoding) => ask('names', key, schema, encoding),
    search: (keys, query) => ask('search', keys, query),
    async close() {
      closed = true;
      rest.abort();
      for (const { reject } of waiting.values()) reject(new ProblemError('stopping', 'Lakeside is stopping.'));
      waiting.clear();
      const ending = worker;
      worker = undefined;
      await ending?.terminate();
    }
  };
}
