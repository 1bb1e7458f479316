import type { TargetPage, TargetSpace, TargetStanding } from '../../../contract/share/index.js';
import type { Caller } from '../../ports.js';
import type { Wikis } from '../ports.js';
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
      const { software, account, lacks, features } = await (await wikis.open(id)).check({ signal });
      return { software, account, lacks, spaces: features.spaces, parents: features.parents };
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
