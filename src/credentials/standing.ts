import type { Profile } from '../../contract/credentials/index.js';

/** How a person stands with a profile, as it is shown. */
export type Standing = 'signed-out' | 'signing-in' | 'active' | 'not-renewed' | 'ends-soon' | 'expired';

/** How a person stands with a profile now. */
export interface IStanding {
  readonly state: Standing;
  /** When the person is needed again, in milliseconds since 1970; undefined where nothing ends. */
  readonly endsAt: number | undefined;
  /** Milliseconds until then, never below 0. */
  readonly left: number | undefined;
  /** New keys come without the person. */
  readonly renews: boolean;
}

/** So long before its end a session counts as one that ends soon. Milliseconds. */
export const SOON = 10 * 60_000;

/**
 * How a person stands with a profile.
 *
 * @param now - the server's time, in milliseconds since 1970
 */
export function standingOf(profile: Profile, now: number): IStanding {
  const { session, autoRefresh, signIn, trouble } = profile;
  const shouldRenew = session !== undefined && session.renewable && autoRefresh;
  // Until that goes well again, the end of the keys is the end.
  const renews = shouldRenew && trouble === undefined;
  const endsAt = endOf(profile, renews);
  const left = endsAt === undefined ? undefined : Math.max(0, endsAt - now);
  const isOver = profile.state === 'expired' || left === 0;
  const soon = left !== undefined && left <= SOON;
  const isUnlucky = shouldRenew && !renews;
  const kept: Standing = isOver ? 'expired' : soon ? 'ends-soon' : isUnlucky ? 'not-renewed' : 'active';
  const state = signIn !== undefined ? 'signing-in' : session === undefined ? 'signed-out' : kept;
  return { state, endsAt, left, renews };
}

/** True where the keys of a profile can be used. */
export function isUsable(profile: Profile, now: number): boolean {
  const { expiresAt } = profile.session ?? {};
  return profile.state === 'active' && (expiresAt === undefined || Date.parse(expiresAt) > now);
}

/** The profile that a person means who names none: the one in use, or the only one. */
export function meant(overview: { profiles: readonly Profile[]; active?: string | undefined }): Profile | undefined {
  const { profiles, active } = overview;
  return profiles.find(({ id }) => id === active) ?? (profiles.length === 1 ? profiles[0] : undefined);
}

function endOf({ session, state }: Profile, renews: boolean): number | undefined {
  if (session?.expiresAt === undefined) return undefined;
  const keys = Date.parse(session.expiresAt);
  if (!renews || state === 'expired') return keys;
  return session.renewableUntil === undefined ? undefined : Math.max(keys, Date.parse(session.renewableUntil));
}
