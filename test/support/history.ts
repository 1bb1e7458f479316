import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistoryFiles } from '../../server/adapters/notebookfiles-fs/historyFiles.js';
import { createSavedCopies } from '../../server/adapters/saves-fs/index.js';
import { createHistoryStore } from '../../server/adapters/sqlite-state/history/index.js';
import { createManualClock } from '../../server/adapters/memory/clock.js';
import { createMemoryLog } from '../../server/adapters/memory/log.js';
import { openState } from '../../server/adapters/sqlite-state/index.js';
import { createHistory } from '../../server/history/history.js';
import type { Comparer, FileEvent } from '../../server/history/ports.js';
import type { Retention } from '../../server/history/thinning.js';
import { createIds } from '../../server/ids.js';
import { createHolder } from '../../server/jobs/hold.js';
import type { Caller } from '../../server/ports.js';

export const ada: Caller = { name: 'ada', groups: [], via: 'jupyter' };
export const eve: Caller = { name: 'eve', groups: [], via: 'jupyter' };

/** Milliseconds since 1970 at which the tests of history begin: a Monday at noon. */
export const NOON = Date.UTC(2026, 0, 5, 12);

/** A notebook file of code cells with these sources, as Jupyter writes it. */
export function notebookOf(sources: readonly string[], more: object = {}): string {
  const cells = sources.map((source, n) => ({
    cell_type: 'code',
    execution_count: null,
    id: `cell-${n}`,
    metadata: {},
    outputs: [],
    source: [source]
  }));
  return `${JSON.stringify({ cells, metadata: more, nbformat: 4, nbformat_minor: 5 }, undefined, 1)}\n`;
}

let counter = 0;

/** Lays a copy where the front door lays them. @returns its name */
export function laySave(
  home: string,
  copy: { path: string; at: number; content: string | Buffer; kind?: 'save' | 'before'; by?: string; order?: number }
): string {
  const folder = join(home, 'history', 'saves');
  mkdirSync(folder, { recursive: true });
  const { path, at, content, kind = 'save', by = 'ada', order = at } = copy;
  const name = `${String(BigInt(order) * 1_000_000n).padStart(20, '0')}-1-${++counter}.save`;
  const head = { format: 1, path, at, kind, by: { name: by, shown: `${by} Lovelace` } };
  writeFileSync(join(folder, name), Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), Buffer.from(content)]));
  return name;
}

/** A home with a history and a folder of notebooks, on a clock that tests move. */
export function historyHome(options: { retention?: Partial<Retention>; enabled?: boolean; comparer?: Comparer } = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lakeside-history-')));
  const root = join(folder, 'notebooks');
  const home = join(folder, 'home');
  mkdirSync(root);
  mkdirSync(home);
  const clock = createManualClock(NOON);
  const log = createMemoryLog();
  const ids = createIds(clock);
  const store = createHistoryStore(join(home, 'history', 'history.db'));
  const state = openState({ file: join(home, 'state.db'), clock });
  const events: FileEvent[] = [];
  const compared: string[][] = [];
  const comparer: Comparer = options.comparer ?? {
    compare: (...args) => {
      compared.push(args.slice(0, 2) as string[]);
      return Promise.resolve({
        added: 0,
        removed: 0,
        changed: 0,
        moved: 0,
        unchanged: 0,
        metadataChanged: false,
        cells: []
      });
    }
  };
  const history = createHistory({
    enabled: options.enabled ?? true,
    retention: { days: 365, versions: 2000, bytes: 2 ** 31, ...options.retention },
    store,
    copies: createSavedCopies({ directory: join(home, 'history', 'saves'), clock, log }),
    files: createHistoryFiles({ kind: 'folder', path: root, allowHidden: false }),
    comparer,
    gather: () => {
      for (const event of events.splice(0)) history.note(event);
      return Promise.resolve();
    },
    holder: createHolder({ leases: state.leases, clock, log, instance: 'test' }),
    clock,
    ids,
    log,
    failPoint: () => undefined,
    workDirectory: join(home, 'history', 'work')
  });
  let order = NOON;

  return {
    root,
    home,
    clock,
    log,
    store,
    history,
    service: history.service,
    compared,
    /** Saves as Jupyter does: the file, then its copy. */
    save: (path: string, content: string, more: { by?: string; kind?: 'save' | 'before'; at?: number } = {}): void => {
      const file = join(root, path);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, content);
      order = Math.max(order + 1, clock.now());
      laySave(home, { path: file, at: clock.now(), content, order, ...more });
    },
    /** Tells what the contents manager did. */
    tell: (action: 'rename' | 'delete', path: string, from?: string): void => {
      order = Math.max(order + 1, clock.now());
      events.push({
        id: `${String(BigInt(order) * 1_000_000n).padStart(20, '0')}-1-${++counter}.json`,
        action,
        place: { root: 'file:', path: join(root, path) },
        ...(from !== undefined && { from: { root: 'file:', path: join(root, from) } })
      });
    },
    saves: () => readdirSync(join(home, 'history', 'saves')),
    async close() {
      await history.stop();
      store.close();
      state.close();
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

export type HistoryHome = ReturnType<typeof historyHome>;

/** All bytes of a stream as text. */
export async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
