import type { TargetPage, TargetSpace, TargetStanding } from '../../../contract/share/index.js';
import type { Caller } from '../../ports.js';
import type { Wikis, WikiTarget } from '../ports.js';
import { LIBRARY, mustBeTarget } from './targets.js';

/** Looks around in the places a notebook can be shared to. */
export interface Places {
  /**
   * Whether a target can be used now.
   *
   * @throws ProblemError `not-found`, `invalid` for its settings, and as `WikiTarget` says
   */
  standing(caller: Caller, id: string, signal: AbortSignal): Promise<TargetStanding>;
  /** Spaces of a wiki. @throws ProblemError the same */
  spaces(caller: Caller, id: string, query: string, signal: AbortSignal): Promise<TargetSpace[]>;
  /** Pages below which a new one can stand. @throws ProblemError the same */
  parents(
    caller: Caller,
    id: string,
    search: { query: string; space?: string | undefined },
    signal: AbortSignal
  ): Promise<TargetPage[]>;
}

/** The Library is always there, and has no places to choose. */
const library: TargetStanding = { software: 'Lakeside', account: '', lacks: [], spaces: false, parents: false };

/** Answers from the wikis themselves; nothing is kept here. */
export function createPlaces({ wikis }: { wikis: Wikis }): Places {
  return {
    async standing({ name }, id, signal) {
      mustBeTarget(wikis, id);
      if (id === LIBRARY) return { ...library, account: name };
      const target = await wikis.open(id);
      const { software, account, lacks, features, home } = await target.check({ signal });
      const patterns = wikis.list().find(wiki => wiki.id === id)?.policy?.spaces;
      const allowed = patterns && (await named(patterns, target, signal));
      const { spaces, parents } = features;
      return { software, account, lacks, spaces, parents, ...(home && { home }), ...(allowed && { allowed }) };
    },
    async spaces(_caller, id, query, signal) {
      mustBeTarget(wikis, id);
      return id === LIBRARY ? [] : (await wikis.open(id)).spaces(query, { signal });
    },
    async parents(_caller, id, { query, space }, signal) {
      mustBeTarget(wikis, id);
      if (id === LIBRARY) return [];
      const found = await (await wikis.open(id)).parents(query, { space }, { signal });
      return found.map(page => ({ id: page.id, title: page.title, space: page.space, url: page.url }));
    }
  };
}

/** Spaces of a policy as people call them; patterns, and what the wiki does not tell, as they are written. */
async function named(patterns: readonly string[], target: WikiTarget, signal: AbortSignal): Promise<string[]> {
  // The names are a help only: whether the wiki can be used is known by now.
  const spaces = await target.spaces('', { signal }).catch(() => []);
  return patterns.map(pattern => spaces.find(({ id }) => id === pattern)?.name ?? pattern);
}
