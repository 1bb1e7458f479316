import type { ShareState } from '../../contract/share/publish.js';
import type { ProblemError } from '../../contract/problem.js';

/**
 * How a notebook stands to its page, at one glance.
 *
 * `unknown`: not asked yet. `none`: not shared. `current`: the page shows what the notebook shows. `changed`: it does
 * not any more. `duplicate`: another notebook has the id. `busy`: a share is under way. `problem`: nobody can say.
 */
export type ShareMark = 'unknown' | 'none' | 'current' | 'changed' | 'duplicate' | 'busy' | 'problem';

/** What the mark is derived from. */
export interface IMarkFacts {
  known?: ShareState;
  problem?: ProblemError;
  dirty: boolean;
  busy: boolean;
}

/** The mark of a notebook. An older answer is better than none; changes on the screen count before they are saved. */
export function markOf({ known, problem, dirty, busy }: IMarkFacts): ShareMark {
  if (busy) return 'busy';
  if (known === undefined) return problem === undefined ? 'unknown' : 'problem';
  if (known.standing === 'duplicate') return 'duplicate';
  if (known.state === 'changed' || (known.state === 'up-to-date' && dirty)) return 'changed';
  return known.state === 'up-to-date' ? 'current' : 'none';
}

/** What pressing Share leads to. */
export type ShareStep = 'follow' | 'dialog' | 'unsaved' | 'publish';

/**
 * Publishes at once where everything was chosen before; stops only where something needs the person: the first time,
 * a deleted page, an id that two notebooks have, changes that are not saved.
 */
export function nextStep(facts: IMarkFacts, settings: { askEveryTime: boolean }): ShareStep {
  const { known } = facts;
  if (facts.busy) return 'follow';
  if (known === undefined || settings.askEveryTime || known.standing === 'duplicate') return 'dialog';
  if (known.published === undefined || known.state === 'not-shared' || known.state === 'deleted') return 'dialog';
  return facts.dirty ? 'unsaved' : 'publish';
}

/** A notebook that has a page which can be read now. */
export type Shared = ShareState & { published: NonNullable<ShareState['published']> };

/** Whether a notebook has a page that can be read now. */
export function isShared(known: ShareState | undefined): known is Shared {
  return known?.published !== undefined && known.state !== 'deleted' && known.state !== 'not-shared';
}
