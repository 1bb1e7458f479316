import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock, Log } from '../../ports.js';
import type { TableIndex } from '../../tables/index/ports.js';
import type { Asked, FromIndex, IndexSettings, Told, ToIndex } from '../../tables/index/protocol.js';

export interface ProcessIndexOptions {
  /** The bundled program `tablesIndex.js`. */
  program: string;
  /** `<home>/tables` */
  directory: string;
  /** Most memory of its JavaScript, in MB. */
  memoryMb: number;
  /** Time without questions after which the process ends, in milliseconds. */
  idle: number;
  clock: Clock;
  log: Log;
}

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

/**
 * The index in a process of its own, which starts with the first question, and ends when there was none for a while:
 * what it holds it takes up from its files again. What was staged and not committed is lost then.
 */
export function createProcessIndex(options: ProcessIndexOptions): TableIndex {
  const { program, directory, memoryMb, idle, clock, log } = options;
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | undefined;
  let next = 1;
  let closed = false;
  let rest = new AbortController();

  function start(): ChildProcess {
    const settings: IndexSettings = { directory };
    const cache = getCompileCacheDir();
    const made = spawn(process.execPath, [`--max-old-space-size=${memoryMb}`, program, JSON.stringify(settings)], {
      // Nothing of the parent's environment: it needs no secret.
      env: { LANG: 'C.UTF-8', MALLOC_ARENA_MAX: '1', ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }) },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
      windowsHide: true
    });
    made.on('message', (message: FromIndex) => receive(message));
    made.on('error', error => log.error({ err: error }, 'the index of tables failed'));
    made.on('close', () => gone(made));
    return made;
  }

  function receive(message: FromIndex): void {
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

  function gone(ended: ChildProcess): void {
    if (child !== ended) return;
    child = undefined;
    for (const { reject } of waiting.values()) reject(failed('its process ended'));
    waiting.clear();
  }

  function send(message: ToIndex): void {
    if (closed) throw new ProblemError('stopping', 'Lakeside is stopping. Try again in a moment.');
    rest.abort();
    child ??= start();
    hold(child, message.id !== undefined || waiting.size > 0);
    // One that just died answers by its end, not by this error.
    child.send(message, () => undefined);
  }

  function restSoon(): void {
    if (child) hold(child, false);
    rest = new AbortController();
    clock.sleep(idle, rest.signal).then(
      () => {
        const ending = child;
        child = undefined;
        ending?.kill('SIGKILL');
      },
      () => undefined
    );
  }

  function ask<T>(method: Asked, ...given: unknown[]): Promise<T> {
    return new Promise((resolve, reject) => {
      const id = next++;
      // The answer comes later, never within the call.
      send({ id, method, arguments: given });
      waiting.set(id, { resolve, reject });
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
      const ending = child;
      child = undefined;
      if (ending) await end(ending);
    }
  };
}

/** While somebody waits for it, it keeps this process alive; otherwise it does not. */
function hold(child: ChildProcess, isWanted: boolean): void {
  const way = isWanted ? 'ref' : 'unref';
  child[way]();
  child.channel?.[way]();
}

async function end(child: ChildProcess): Promise<void> {
  hold(child, true);
  const closed = new Promise(resolve => child.once('close', resolve));
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await closed;
  }
}
