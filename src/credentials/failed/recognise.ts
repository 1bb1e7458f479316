import type { Profile } from '../../../contract/credentials/records.js';
import { isUsable } from '../standing.js';

/** An error that a cell ended with, as the kernel told it. */
export interface ICellError {
  name: string;
  value: string;
  /** Lines, with the colours of a terminal where the kernel writes them. */
  traceback: readonly string[];
}

/** How the profiles stand, as far as an error is judged by it. */
export interface IStandings {
  profiles: readonly Profile[];
  active?: string | undefined;
  /** The server's time, in milliseconds since 1970. */
  now: number;
}

/** A cell that failed because keys ended or nobody is signed in. */
export interface IExpiry {
  /** The profile to sign in to; undefined where none is in use. */
  profile: Profile | undefined;
}

/** These sentences say it by themselves. The first two are of Lakeside's endpoint, the others of SDKs and of AWS. */
const LAPSED = [
  /Nobody is signed in to .{1,200}?\. (Open Credentials|Sign in)/s,
  /The session of .{1,200}? ended at \d\d:\d\d UTC/s,
  /No profile is chosen\. Open Credentials/,
  /SignInRequired/,
  /refreshed credentials are still expired/i,
  /\bExpiredToken(Exception)?\b/,
  /\bEXPIRED_TOKEN\b/,
  /\bTokenRefreshRequired\b/,
  /security token included in the request is expired/i,
  /provided token has expired/i
];

/** These have other causes too; they count while no keys are to be had. */
const REFUSED = [
  /\bCredentialRetrievalError\b/,
  /\bNoCredentialsError\b/,
  /\bCredentialsProviderError\b/,
  /Unable to locate credentials/i,
  /\bAccess ?Denied\b/i,
  /\bACCESS_DENIED\b/,
  /\bInvalidAccessKeyId\b/,
  /\bInvalidClientTokenId\b/,
  /\b(HTTP|status|code|response|Error)\W{0,3}(401|403)\b/i,
  /\b40[13]:? (Unauthorized|Forbidden)\b/i,
  /error occurred \(40[13]\)/i
];

// eslint-disable-next-line no-control-regex -- The colours of a terminal are control characters.
const COLOURS = /\u001b\[[\d;]*m/g;
/** What stands at the end of a traceback, in characters: no expression searches megabytes. */
const LONGEST = 20_000;

/**
 * Whether a cell failed because keys ended or nobody is signed in.
 *
 * @returns undefined where it failed for another reason
 */
export function recognise(error: ICellError, standings: IStandings): IExpiry | undefined {
  if (standings.profiles.length === 0) return undefined;
  const told = `${error.name}: ${error.value}`.slice(0, LONGEST);
  const text = `${told}\n${error.traceback.join('\n').slice(-LONGEST)}`.replace(COLOURS, '');
  const profile = profileOf(text, standings);
  if (LAPSED.some(each => each.test(text))) return { profile };
  const isWithout = profile === undefined || !isUsable(profile, standings.now);
  return isWithout && REFUSED.some(each => each.test(text)) ? { profile } : undefined;
}

/** The profile that a sentence names; the one in use where none does. */
function profileOf(text: string, { profiles, active }: IStandings): Profile | undefined {
  const named = /Nobody is signed in to ([^\n]{1,200}?)\. Open|The session of ([^\n]{1,200}?) ended at/.exec(text);
  const label = named?.[1] ?? named?.[2];
  return (
    profiles.find(each => each.label === label) ??
    profiles.find(({ id }) => id === active) ??
    (profiles.length === 1 ? profiles[0] : undefined)
  );
}
