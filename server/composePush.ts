import { createGithub } from './adapters/forge-github/index.js';
import { openClone } from './adapters/git-clone/index.js';
import type { Config } from './config.js';
import { registerSecret } from './logging.js';
import { forgeOf, readAddress } from './schedule/push/address.js';
import type { ForgeName } from './schedule/push/address.js';
import type { Forge, Repository } from './schedule/push/ports.js';

/** The clone that a file lies in, with the person's own git. @param inside - absolute @throws ProblemError */
export function composeClone(config: Config, inside: string): Promise<Repository> {
  return openClone({ inside, environment: config.kernelEnvironment });
}

/**
 * The forge of a remote. A token goes only where its variable says it belongs, as GitHub's own program has it:
 * `GH_TOKEN` and `GITHUB_TOKEN` to github.com, `GH_ENTERPRISE_TOKEN` and `GITHUB_ENTERPRISE_TOKEN` to the host in `GH_HOST`.
 *
 * @param wanted - the make that the person named
 */
export function composeForge(
  { variable }: Config,
  address: string,
  wanted: ForgeName | undefined
): { name: ForgeName; forge?: Forge } {
  const place = readAddress(address);
  const host = variable('GH_HOST')?.toLowerCase();
  const name = wanted ?? forgeOf(place, host);
  if (place === undefined || name !== 'github') return { name };
  const isPublic = place.host === 'github.com';
  const token = isPublic
    ? (variable('GH_TOKEN') ?? variable('GITHUB_TOKEN'))
    : place.host === host
      ? (variable('GH_ENTERPRISE_TOKEN') ?? variable('GITHUB_ENTERPRISE_TOKEN'))
      : undefined;
  if (!token) return { name };
  // In the clear to this machine alone.
  const isLoopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(place.host);
  if (place.scheme === 'http:' && !isLoopback) return { name };
  registerSecret(token);
  const web = `${place.scheme}//${place.host}`;
  const api = isPublic ? 'https://api.github.com' : `${web}/api/v3`;
  return { name, forge: createGithub({ api, web, repository: place.path, token }) };
}
