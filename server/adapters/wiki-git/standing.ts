import { ProblemError } from '../../../contract/problem.js';
import type { WikiCall, WikiFeatures, WikiStanding } from '../../share/wiki/ports.js';
import type { WikiCopy } from './copy.js';
import type { Forge } from './forges/forge.js';
import { GitFailure, type Git } from './git.js';
import type { GitServer } from './server.js';

/** The first version that takes settings by its environment, and with them the token. */
const OLDEST = { major: 2, minor: 31 };

export interface StandingOptions {
  git: Git;
  server: GitServer;
  copy: WikiCopy;
  forge: Forge;
  features: WikiFeatures;
  user: string;
  label: string;
}

/** Looks whether git is there, whether the wiki can be read, and whether its server would take a push. Writes nothing. */
export async function standingOf(options: StandingOptions, call: WikiCall): Promise<WikiStanding> {
  const { git, server, copy, forge, features, user, label } = options;
  const version = await versionOf(git, label);
  const isEmpty = await copy.look(call, ({ commit }) => commit === undefined);
  const { named } = isEmpty ? await server.branches(call) : {};
  const refusal = await server.ask('git-receive-pack', call);
  if (refusal !== undefined && refusal.code !== 'target-forbidden') throw refusal;
  const lacks = [
    ...(refusal === undefined
      ? []
      : [
          `The account ${user} may read ${label} and not push to it. Give its token the right to write, and the account a role that may edit the wiki.`
        ]),
    ...(named === undefined
      ? []
      : [
          `${label} has its pages on the branch ${named}, and the configuration names another one. Correct "branch" there.`
        ])
  ];
  return { features, account: user, software: `${forge.label} wiki, git ${version}`, lacks };
}

async function versionOf(git: Git, label: string): Promise<string> {
  let said: string;
  try {
    said = await git.line(['version']);
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    said = '';
  }
  const version = /\d+\.\d+(?:\.\d+)?/.exec(said)?.[0];
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (version !== undefined && (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)))
    return version;
  throw new ProblemError(
    'target-failed',
    `${label} is reached with the program git ${OLDEST.major}.${OLDEST.minor} or newer; this machine has ${version === undefined ? 'none' : `git ${version}`}. Install it where Jupyter runs.`
  );
}
