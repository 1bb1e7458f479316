import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type {
  HistoryDiff,
  HistoryNotebook,
  HistoryVersion,
  Timeline,
  TimelineQuery
} from '../../contract/history/index.js';
import { ProblemError } from '../../contract/problem.js';
import type { Bytes } from '../../contract/route.js';
import type { Caller, Clock, Ids } from '../ports.js';
import { onStorage } from '../storage.js';
import { cellsOf, compareCells } from './changes.js';
import { bringBackName } from './names.js';
import { unpack } from './packing.js';
import type { Comparer, Entry, HistoryFiles, HistoryStore, KeptNotebook, KeptVersion } from './ports.js';

/** Longest wait for what was just saved, when somebody looks. Milliseconds. */
const PATIENCE = 3_000;

/** Deleted notebooks that are listed, and files that are looked for when they are. */
const MOST_DELETED = 1_000;
const MOST_LOOKED_FOR = 5_000;

/** Scratch files of calls that died. Milliseconds. */
const ABANDONED = 3_600_000;

/** What stands in for the version before the first one. */
const NOTHING = '{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}';

/** The history of the notebooks of one person. */
export interface HistoryService {
  /** @throws ProblemError `not-found`, `forbidden` where it is another person's; those of the path */
  timeline(caller: Caller, query: TimelineQuery): Promise<Timeline>;
  deleted(caller: Caller): Promise<{ enabled: boolean; notebooks: HistoryNotebook[] }>;
  /** @throws ProblemError `not-found`; `conflict` where the notebook is there; those of writing */
  bringBack(caller: Caller, historyId: string): Promise<{ path: string }>;
  diff(caller: Caller, version: VersionId, against: string | undefined, signal: AbortSignal): Promise<HistoryDiff>;
  notebook(caller: Caller, version: VersionId): Promise<Bytes>;
  cell(caller: Caller, version: VersionId, number: number): Promise<Bytes>;
  /** Removes what calls that died left. */
  tidy(caller: Caller): Promise<void>;
}

export interface VersionId {
  historyId: string;
  versionId: string;
}

export interface HistoryServiceOptions {
  enabled: boolean;
  store: HistoryStore;
  files: HistoryFiles;
  comparer: Comparer;
  /** Takes in what waits. */
  follow: () => Promise<void>;
  clock: Clock;
  ids: Ids;
  /** `<home>/history/work` */
  workDirectory: string;
}

export function createHistoryService(options: HistoryServiceOptions): HistoryService {
  const { enabled, store, files, comparer, clock, ids, workDirectory } = options;

  /** Waits for what waits, but not for ever: a large backlog is taken in while people look at what is there. */
  async function upToDate(): Promise<void> {
    if (!enabled) return;
    const stop = new AbortController();
    const patience = clock.sleep(PATIENCE, stop.signal).catch(() => undefined);
    await Promise.race([options.follow().catch(() => undefined), patience]);
    stop.abort();
  }

  async function ownNotebook(caller: Caller, historyId: string): Promise<KeptNotebook & { shown: string }> {
    const notebook = store.get(historyId);
    const root = await files.root();
    const shown = notebook && root !== undefined ? files.pathOf(notebook.path, root) : undefined;
    if (notebook === undefined || shown === undefined || notebook.owner !== caller.name) {
      throw new ProblemError('not-found', 'There is no such notebook in your history. Reload the list.');
    }
    return { ...notebook, shown };
  }

  async function ownVersion(
    caller: Caller,
    { historyId, versionId }: VersionId
  ): Promise<{ notebook: KeptNotebook & { shown: string }; version: KeptVersion }> {
    const notebook = await ownNotebook(caller, historyId);
    const version = store.version(historyId, versionId);
    if (version) return { notebook, version };
    throw new ProblemError(
      'not-found',
      'There is no such version in the history of this notebook; old versions are thinned out with time. Reload the list.'
    );
  }

  async function byPath(caller: Caller, path: string): Promise<(KeptNotebook & { shown: string }) | undefined> {
    if ((await files.root()) === undefined) return undefined;
    const notebook = store.at(await files.locate(path));
    if (notebook === undefined) return undefined;
    if (notebook.owner !== caller.name) {
      throw new ProblemError(
        'forbidden',
        `The history of this notebook belongs to ${notebook.owner}, who saved it first. Only its owner sees it.`
      );
    }
    return { ...notebook, shown: path.replace(/^\//, '') };
  }

  function describe(notebook: KeptNotebook & { shown: string }): HistoryNotebook {
    const { versions, firstAt, lastAt, size } = store.count(notebook.id);
    return {
      historyId: notebook.id,
      path: notebook.shown,
      versions,
      firstAt: instant(firstAt),
      lastAt: instant(lastAt),
      size,
      ...(notebook.goneAt !== undefined && { deletedAt: instant(notebook.goneAt) })
    };
  }

  async function* content(entries: readonly Entry[]): AsyncIterable<Uint8Array> {
    for (const { chunk } of entries) {
      await Promise.resolve();
      yield unpack(store.content(chunk));
    }
  }

  async function write(file: string, parts: AsyncIterable<Uint8Array> | string): Promise<string> {
    await onStorage(file, async () => {
      const handle = await open(file, 'wx', 0o600);
      try {
        await handle.writeFile(parts);
      } finally {
        await handle.close();
      }
    });
    return file;
  }

  /** Runs something with a folder of its own, which is removed afterwards. */
  async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = join(workDirectory, ids.next());
    await onStorage(folder, () => mkdir(join(folder, 'compare'), { recursive: true, mode: 0o700 }));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  return {
    async timeline(caller, query) {
      await upToDate();
      const { path, historyId, before, limit } = query;
      const notebook =
        historyId === undefined ? await byPath(caller, path ?? '') : await ownNotebook(caller, historyId);
      if (notebook === undefined) return { enabled: enabled && (await files.root()) !== undefined, versions: [] };
      const found = store.versions(notebook.id, { ...(before !== undefined && { before }), limit: limit + 1 });
      const cells = found.map(version => cellsOf(store.entries(version.id)));
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        enabled,
        notebook: describe(notebook),
        versions: page.map((version, n) => shown(version, compareCells(cells[n + 1], cells[n] ?? []))),
        ...(found.length > limit && last && { next: last.id })
      };
    },

    async deleted(caller) {
      await upToDate();
      const root = await files.root();
      if (root === undefined) return { enabled: false, notebooks: [] };
      const owner = caller.name;
      // Files are removed outside Jupyter, too.
      for (const { id, path } of store.below(root, { owner, gone: false, limit: MOST_LOOKED_FOR })) {
        if (!(await files.exists(path))) store.setGone(id, clock.now());
      }
      const gone = store.below(root, { owner, gone: true, limit: MOST_DELETED });
      const notebooks = gone.flatMap(notebook => {
        const path = files.pathOf(notebook.path, root);
        return path === undefined ? [] : [describe({ ...notebook, shown: path })];
      });
      return { enabled, notebooks };
    },

    async bringBack(caller, historyId) {
      const notebook = await ownNotebook(caller, historyId);
      if (notebook.goneAt === undefined && (await files.exists(notebook.path))) {
        throw new ProblemError('conflict', `"${notebook.shown}" is not deleted. Open it in the file browser.`);
      }
      const [newest] = store.versions(historyId, { limit: 1 });
      if (newest === undefined) throw new ProblemError('not-found', 'Nothing was kept of this notebook.');
      for (let attempt = 0; attempt < 100; attempt++) {
        const path = bringBackName(notebook.path, attempt);
        if (await files.create(path, content(store.entries(newest.id)))) {
          store.revive(historyId, path);
          return { path: files.pathOf(path, (await files.root()) ?? '') ?? bringBackName(notebook.shown, attempt) };
        }
      }
      throw new ProblemError(
        'conflict',
        `There are too many files called "${basename(notebook.shown)}". Rename one of them, then try again.`
      );
    },

    async diff(caller, id, against, signal) {
      const { version } = await ownVersion(caller, id);
      const older =
        against === undefined
          ? store.versions(id.historyId, { before: id.versionId, limit: 1 })[0]
          : (await ownVersion(caller, { ...id, versionId: against })).version;
      return inFolder(async folder => {
        const before = await write(
          join(folder, 'before.ipynb'),
          older === undefined ? NOTHING : content(store.entries(older.id))
        );
        const after = await write(join(folder, 'after.ipynb'), content(store.entries(version.id)));
        const diff = await comparer.compare(before, after, { workDirectory: join(folder, 'compare'), signal });
        return { ...diff, versionId: version.id, ...(older !== undefined && { against: older.id }) };
      });
    },

    async notebook(caller, id) {
      const { notebook, version } = await ownVersion(caller, id);
      return {
        contentType: 'application/x-ipynb+json',
        size: version.size,
        download: basename(notebook.shown),
        stream: content(store.entries(version.id))
      };
    },

    async cell(caller, id, number) {
      const { version } = await ownVersion(caller, id);
      let at = -1;
      const pieces = store.entries(version.id).filter(({ kind }) => {
        if (kind === 'cell') at++;
        return kind !== 'between' && at === number;
      });
      if (pieces.length === 0) {
        throw new ProblemError('not-found', `This version has no cell ${number + 1}. Reload the list.`);
      }
      return { contentType: 'application/json', stream: content(pieces) };
    },

    async tidy() {
      for (const name of await readdir(workDirectory).catch(() => [])) {
        const folder = join(workDirectory, name);
        const info = await stat(folder).catch(() => undefined);
        if (info && info.mtimeMs < clock.now() - ABANDONED) await rm(folder, { recursive: true, force: true });
      }
    }
  };
}

function shown(version: KeptVersion, changes: Pick<HistoryVersion, 'counts' | 'strip'>): HistoryVersion {
  const { id, at, kind, by, size, cost } = version;
  return { versionId: id, at: instant(at), kind, by, size, cost, ...changes };
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
