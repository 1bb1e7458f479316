import { ProblemError } from '../../../contract/problem.js';
import type { Target } from '../../../contract/share/index.js';
import type { WikiPolicy, Wikis } from '../ports.js';

/** The id of the target that is always there. */
export const LIBRARY = 'library';

const library: Target = {
  id: LIBRARY,
  kind: 'library',
  label: 'Library',
  description: 'Pages on this server: searchable, with versions, differences and fork.'
};

/** The places a notebook can be shared to: the Library, then the wikis of the configuration. */
export function targetsOf(wikis: Wikis): Target[] {
  return [
    library,
    ...wikis.list().map(({ policy, ...wiki }) => ({ ...wiki, ...(policy && { policy: toPolicy(policy) }) }))
  ];
}

function toPolicy({ spaces, secrets }: WikiPolicy): NonNullable<Target['policy']> {
  return { secrets, ...(spaces && { spaces: [...spaces] }) };
}

/** @throws ProblemError `not-found` for a place that is not in the list */
export function mustBeTarget(wikis: Wikis, id: string): void {
  const targets = targetsOf(wikis);
  if (targets.some(target => target.id === id)) return;
  throw new ProblemError(
    'not-found',
    `There is no place "${id.slice(0, 100)}" to share to. There is: ${targets.map(target => target.id).join(', ')}.`
  );
}

/** No wikis at all: what holds without a configuration. */
export const noWikis: Wikis = {
  list: () => [],
  open: id =>
    Promise.reject(new ProblemError('not-found', `There is no wiki "${id.slice(0, 100)}" in the configuration.`))
};
