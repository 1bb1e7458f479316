import { isPage } from './forges/names.js';
import type { Git, GitRun } from './git.js';

export interface Entry {
  mode: string;
  oid: string;
}

/** The wiki at one commit. */
export interface WikiState {
  /** Undefined where it has no page yet. */
  commit: string | undefined;
  /** All files, by their path. */
  entries: ReadonlyMap<string, Entry>;
  /** The pages in which each marker stands, by their path. */
  marked: ReadonlyMap<string, readonly string[]>;
  /** The first marker of each page that has one. */
  markerOf: ReadonlyMap<string, string>;
}

export const EMPTY: WikiState = { commit: undefined, entries: new Map(), marked: new Map(), markerOf: new Map() };

const FILE_MODES = new Set(['100644', '100755']);
const PAGES = ['md', 'markdown', 'mdown', 'mkd', 'mkdn'].map(ending => `:(icase)*.${ending}`);
const MARK = 'lakeside:begin [0-9A-Z]{26}';

/** Reads what files a commit has, and in which pages Lakeside's marks stand. */
export async function stateAt(git: Git, how: GitRun, commit: string): Promise<WikiState> {
  const [tree, marks] = await Promise.all([
    git.run(['ls-tree', '-r', '-z', commit], how),
    git.run(['grep', '-z', '-o', '-I', '-E', '-e', MARK, commit, '--', ...PAGES], { ...how, codes: [0, 1] })
  ]);
  const entries = new Map<string, Entry>();
  for (const line of tree.out.toString('utf8').split('\0')) {
    const [, mode = '', oid = '', path = ''] = /^(\d+) blob ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
    // A name that is no UTF-8 could not be written again.
    if (FILE_MODES.has(mode) && !path.includes('\ufffd')) entries.set(path, { mode, oid });
  }
  const marked = new Map<string, string[]>();
  const markerOf = new Map<string, string>();
  // Each line is `<commit>:<path>\0<mark>`.
  const pattern = new RegExp(`${commit}:([^\\0]+)\\0lakeside:begin ([0-9A-Z]{26})\\n`, 'g');
  for (const [, path = '', marker = ''] of marks.out.toString('utf8').matchAll(pattern)) {
    if (!isPage(path) || !entries.has(path)) continue;
    if (!markerOf.has(path)) markerOf.set(path, marker);
    const paths = marked.get(marker) ?? [];
    if (!paths.includes(path)) marked.set(marker, [...paths, path]);
  }
  return { commit, entries, marked, markerOf };
}

const MARKER = /^[0-9A-Z]{26}$/;

/**
 * The id of a page: the marker in it, which it keeps when it is moved; its path where it has none; both where several
 * pages hold the same one.
 */
export function idOf(state: WikiState, path: string, marker = state.markerOf.get(path)): string {
  if (marker === undefined) return path;
  return (state.marked.get(marker)?.length ?? 0) > 1 ? `${marker}:${path}` : marker;
}

/**
 * The path of the page that an id means; undefined where there is none (any more).
 *
 * @param before - where it was last seen: of several with its marker it is that one
 */
export function pathOf(state: WikiState, id: string, before?: string): string | undefined {
  const marker = markerIn(id);
  if (marker === undefined) return state.entries.has(id) && isPage(id) ? id : undefined;
  const paths = state.marked.get(marker) ?? [];
  return paths.find(path => path === id.slice(27)) ?? paths.find(path => path === before) ?? paths[0];
}

/** The marker that an id names. */
export function markerIn(id: string): string | undefined {
  return MARKER.test(id.slice(0, 26)) && (id.length === 26 || id[26] === ':') ? id.slice(0, 26) : undefined;
}
