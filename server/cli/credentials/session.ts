import type { CredentialsOverview, Profile } from '../../../contract/credentials/index.js';
import { ProblemError } from '../../../contract/problem.js';
import { composeCredentials } from '../../composeCredentials.js';
import type { ComposedCredentials } from '../../composeCredentials.js';
import { composeIds } from '../../composeIds.js';
import { readConfig } from '../../config.js';
import type { Config } from '../../config.js';
import type { CredentialService } from '../../credentials/service.js';
import { createLog } from '../../logging.js';
import type { Caller, Ids } from '../../ports.js';
import { plain, print } from '../output.js';
import { loginName } from '../session.js';

/** What a command of credentials works with. */
export interface CredentialSession {
  service: CredentialService;
  composed: ComposedCredentials;
  caller: Caller;
  config: Config;
  ids: Ids;
}

/** Runs a command with the credentials of this home; a sidecar may be running. */
export async function withCredentials<T>(use: (session: CredentialSession) => Promise<T>): Promise<T> {
  const config = readConfig('cli');
  const log = createLog(config.logLevel, line => process.stderr.write(line));
  const ids = composeIds();
  const composed = composeCredentials({ config, log, ids, programs: __dirname });
  try {
    const caller: Caller = { name: loginName(), groups: [], via: 'cli' };
    return await use({ service: await composed.service(), composed, caller, config, ids });
  } finally {
    await composed.close();
  }
}

/** The profile that is meant. @throws ProblemError `bad-request` where none is named and none is active */
export function meant(given: string | undefined, { active, profiles }: CredentialsOverview): string {
  const id = given ?? active;
  if (id !== undefined) return id;
  const there = profiles.map(profile => profile.id).join(', ');
  throw new ProblemError(
    'bad-request',
    there === ''
      ? 'There is no profile. Name one in the section "profiles" of the configuration file: docs/credentials.'
      : `Say which profile. There is: ${there}.`
  );
}

/** One profile as a line: who, and how long. */
export function printProfile(profile: Profile, now: string): void {
  print(plain(`${profile.id}: ${standing(profile, now)}`));
}

/** How it stands with a profile. @param now - the time of the overview it is from */
export function standing({ state, session }: Profile, now: string): string {
  if (session === undefined || state === 'signed-out') return 'signed out';
  const { expiresAt, role, identity } = session;
  const who = [identity.name, ...(role === undefined ? [] : [`as ${role}`])].join(' ');
  if (expiresAt === undefined) return `${who}, without end`;
  const left = Date.parse(expiresAt) - Date.parse(now);
  return left <= 0 ? `${who}, ended` : `${who}, ${timeLeft(left)} left`;
}

function timeLeft(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours > 0) return `${hours} h ${String(rest).padStart(2, '0')} m`;
  return minutes > 0 ? `${minutes} m` : 'less than a minute';
}
