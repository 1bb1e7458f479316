import type { TranslationBundle } from '@jupyterlab/translation';
import type { AuditEntry, Profile } from '../../contract/credentials/index.js';
import type { IStanding, Standing } from './standing.js';

/** A shape for each state, so that colour is never needed. */
export const SHAPES: Readonly<Record<Standing, string>> = {
  'signed-out': '○',
  'signing-in': '◐',
  active: '●',
  'not-renewed': '!',
  'ends-soon': '!',
  expired: '✕'
};

/** A state in a word. */
export function stateWord(state: Standing, trans: TranslationBundle): string {
  const words: Record<Standing, string> = {
    'signed-out': trans.__('signed out'),
    'signing-in': trans.__('signing in'),
    active: trans.__('signed in'),
    'not-renewed': trans.__('not renewed'),
    'ends-soon': trans.__('ends soon'),
    expired: trans.__('session ended')
  };
  return words[state];
}

/** A time that is left: "7 h 12 m", "12 min", "42 s". Minutes are rounded down, as a clock counts. */
export function timeLeft(milliseconds: number, trans: TranslationBundle): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return trans.__('%1 s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return trans.__('%1 min', minutes);
  return trans.__('%1 h %2 m', Math.floor(minutes / 60), minutes % 60);
}

/** How somebody stands, in few words: "7 h 12 m", "ends in 8 min", "session ended". */
export function standingWords({ state, left }: IStanding, trans: TranslationBundle): string {
  if (left !== undefined && state === 'active') return timeLeft(left, trans);
  if (left !== undefined && state === 'ends-soon') return trans.__('ends in %1', timeLeft(left, trans));
  if (left !== undefined && state === 'not-renewed') {
    return trans.__('%1 · %2', stateWord(state, trans), timeLeft(left, trans));
  }
  return stateWord(state, trans);
}

/** Who somebody is: "ada · role reader". */
export function whoWords({ session }: Profile, trans: TranslationBundle): string | undefined {
  if (session === undefined) return undefined;
  const { identity, role } = session;
  return role === undefined ? identity.name : trans.__('%1 · role %2', identity.name, role);
}

/** The word "production", where the name of a profile does not say so by itself. */
export function productionWord({ label, production }: Profile, trans: TranslationBundle): string | undefined {
  return production && !/\bprod/i.test(label) ? trans.__('production') : undefined;
}

/** What happened, in the list of the record. */
export function eventWords({ event, profile, role, process }: AuditEntry, trans: TranslationBundle): string {
  switch (event) {
    case 'signed-in':
      return trans.__('Signed in to %1', profile);
    case 'renewed':
      return trans.__('New keys of %1', profile);
    case 'role-taken':
      return role === undefined ? trans.__('Left the role of %1', profile) : trans.__('Took %1 of %2', role, profile);
    case 'switched':
      return trans.__('Kernels use %1', profile);
    case 'handed-out':
      return trans.__('%1 got keys of %2', process?.program ?? trans.__('An unknown program'), profile);
    case 'permitted':
      return trans.__('A schedule may use %1', profile);
    case 'revoked':
      return trans.__('A schedule may not use %1 any more', profile);
    case 'signed-out':
      return trans.__('Signed out of %1', profile);
  }
}
