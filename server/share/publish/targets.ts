import { ProblemError } from '../../../contract/problem.js';
import type { Target } from '../../../contract/share/index.js';

/** The places a notebook can be shared to. */
export const targets: readonly Target[] = [
  {
    id: 'library',
    kind: 'library',
    label: 'Library',
    description: 'Pages on this server: searchable, with versions, differences and fork.'
  }
];

/** @throws ProblemError `not-found` for a place that is not in the list */
export function mustBeTarget(id: string): void {
  if (targets.some(target => target.id === id)) return;
  throw new ProblemError(
    'not-found',
    `There is no place "${id.slice(0, 100)}" to share to. There is: ${targets.map(target => target.id).join(', ')}.`
  );
}
