import { everything, fromSearch } from '../library/listQuery.js';
import type { IListQuery } from '../library/listQuery.js';

/** What an address of the Library shows. */
export type Route =
  | { kind: 'list' | 'deleted'; query: IListQuery }
  | { kind: 'collection'; by: 'tag' | 'group'; name: string; query: IListQuery }
  | { kind: 'collections' }
  | { kind: 'notebook'; notebookId: string; versionId?: string; hideCode?: boolean; figure?: number; fork?: true }
  | { kind: 'versions'; notebookId: string }
  | { kind: 'diff'; notebookId: string; from?: string; to?: string }
  | { kind: 'missing' };

/**
 * Reads an address.
 *
 * @param base - `<server>/lakeside`, the part of the path before `/library`
 */
export function parseRoute(base: string, pathname: string, search: string): Route {
  const library = `${base}/library`;
  if (pathname !== library && !pathname.startsWith(`${library}/`)) return { kind: 'missing' };
  const parts = pathname.slice(library.length).split('/').filter(Boolean).map(decode);
  const [room, name, part, detail] = parts;
  const parameters = new URLSearchParams(search);
  const query = fromSearch(search);

  if (room === undefined) return { kind: 'list', query };
  if (room === 'deleted' && parts.length === 1) return { kind: 'deleted', query: { ...query, deleted: true } };
  if (room === 'collections' && parts.length === 1) return { kind: 'collections' };
  if ((room === 'groups' || room === 'tags') && name !== undefined && parts.length === 2) {
    const by = room === 'groups' ? 'group' : 'tag';
    return { kind: 'collection', by, name, query: { ...everything, ...query, [by]: name } };
  }
  if (room !== 'notebooks' || name === undefined) return { kind: 'missing' };

  const notebookId = name;
  if (parts.length === 2 || (part === 'versions' && parts.length === 4)) {
    const figure = Number(parameters.get('figure'));
    return {
      kind: 'notebook',
      notebookId,
      ...(detail !== undefined && { versionId: detail }),
      ...(parameters.has('hideCode') && { hideCode: parameters.get('hideCode') !== 'false' }),
      ...(Number.isInteger(figure) && figure > 0 && { figure }),
      ...(parameters.has('fork') && { fork: true })
    };
  }
  if (part === 'versions' && parts.length === 3) return { kind: 'versions', notebookId };
  if (part === 'diff' && parts.length === 3) {
    const from = parameters.get('from') ?? undefined;
    const to = parameters.get('to') ?? undefined;
    return { kind: 'diff', notebookId, ...(from && { from }), ...(to && { to }) };
  }
  return { kind: 'missing' };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
