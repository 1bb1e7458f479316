import type { LibraryItem } from '../../../contract/share/index.js';
import type { Reader } from '../ports.js';

/** Most matches that are counted and can be looked through. */
export const MAX_TOTAL = 10_000;

/** Most matches that are ranked by their words: ranking one takes ten times as long as counting it. */
export const MAX_RANKED = 4_000;

/** Whether somebody may read a notebook. */
export function mayRead(reader: Reader, item: Pick<LibraryItem, 'audience' | 'owner'>): boolean {
  return item.audience.kind === 'everyone' || item.owner === reader.name;
}

/**
 * Whether a list shows a notebook: those in the Library to all who may read them, the deleted ones to their owner,
 * who alone can bring them back.
 */
export function isListed(
  reader: Reader,
  item: Pick<LibraryItem, 'audience' | 'owner' | 'deletedAt'>,
  deleted: boolean
): boolean {
  if (deleted) return item.deletedAt !== undefined && item.owner === reader.name;
  return item.deletedAt === undefined && mayRead(reader, item);
}
