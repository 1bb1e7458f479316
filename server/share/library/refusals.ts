import { ProblemError } from '../../../contract/problem.js';
import type { LibraryItem } from '../../../contract/share/index.js';
import type { Caller } from '../../ports.js';

/** The refusal for a notebook that is not there, or not for this caller: the two are never told apart. */
export function lost(notebookId: string): ProblemError {
  return new ProblemError(
    'not-found',
    `There is no notebook ${notebookId} in the Library, or it is not shared with you. Check the link, or ask whoever gave it to you.`
  );
}

/** The refusal for a version that is not there. */
export function lostVersion(item: LibraryItem, versionId: string): ProblemError {
  return new ProblemError('not-found', `"${item.title}" has no version ${versionId}. Open its list of versions.`);
}

/** Refuses everybody but the owner. */
export function refuseOthers(caller: Caller, item: LibraryItem): void {
  if (caller.name === item.owner) return;
  throw new ProblemError(
    'forbidden',
    `"${item.title}" belongs to ${item.owner}, and only its owner may change, delete or restore it. Fork it to have a copy of your own.`
  );
}

/** Refuses to show a deleted notebook to others than its owner. */
export function refuseDeleted(caller: Caller, item: LibraryItem): void {
  if (item.deletedAt === undefined || caller.name === item.owner) return;
  throw new ProblemError(
    'not-found',
    `${item.owner} took "${item.title}" out of the Library. Ask them to restore it; that is possible until ${(item.purgeAt ?? '').slice(0, 10)}.`
  );
}
