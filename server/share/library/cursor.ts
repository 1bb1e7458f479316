import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';

/** Where a page ended: the sort value and the id of its last notebook, or how many there were before the next one. */
export const Cursor = z.union([
  z.object({ sort: z.enum(['updated', 'title']), value: z.string(), id: z.string() }),
  z.object({ sort: z.literal('relevance'), offset: z.number().int().min(0).max(1_000_000) })
]);
export type Cursor = z.infer<typeof Cursor>;

export type Sort = Cursor['sort'];

/** A cursor as it travels: nobody but this file knows what is in it. */
export function encodeCursor(cursor: Cursor): string {
  const encoded = Buffer.from(JSON.stringify(cursor)).toString('base64url');
  return encoded;
}

/**
 * A cursor that came back.
 *
 * @param sort - the order that is asked for now
 * @throws ProblemError `invalid` for one that was made up or belongs to another order
 */
export function decodeCursor(text: string | undefined, sort: Sort): Cursor | undefined {
  if (text === undefined) return undefined;
  try {
    const cursor = Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (cursor.sort === sort) return cursor;
  } catch {
    // Falls through to the same refusal.
  }
  const message = 'does not belong to this list; load it from the beginning';
  throw new ProblemError('invalid', `"cursor" ${message}.`, { errors: [{ field: 'cursor', message }] });
}

/** The order of a list: as asked, else by relevance where there are words to search, else newest first. */
export function sortOf(query: { q: string; sort?: Sort | undefined }, hasTerms: boolean): Sort {
  if (!hasTerms) return query.sort === 'title' ? 'title' : 'updated';
  return query.sort ?? 'relevance';
}
