import { ProblemError } from '../../../contract/problem.js';
import { readArguments } from '../arguments.js';
import { note, plain, print } from '../output.js';
import { meant, printProfile, standing, withCredentials } from './session.js';
import { logoutUsage, refreshUsage, switchUsage } from './usages.js';

/** `lakeside credentials refresh`: newer keys without signing in, where the session allows it. */
export async function refresh(args: readonly string[]): Promise<number> {
  const { positionals } = readArguments(args, {}, { min: 0, max: 1, usage: refreshUsage });
  return withCredentials(async ({ service, caller }) => {
    const profile = await service.refresh(caller, meant(positionals[0], await service.overview(caller)));
    printProfile(profile, (await service.overview(caller)).now);
    return 0;
  });
}

/** `lakeside credentials switch`: chooses the profile, and perhaps a role, whose keys kernels get from now on. */
export async function switchTo(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { role: { type: 'string' } },
    { min: 1, max: 1, usage: switchUsage }
  );
  return withCredentials(async ({ service, caller }) => {
    const [id = ''] = positionals;
    const { profiles, now } = await service.switch(caller, id);
    if (values.role !== undefined) printProfile(await service.takeRole(caller, id, values.role), now);
    const profile = profiles.find(each => each.id === id);
    if (values.role === undefined && profile !== undefined) {
      print(plain(`Kernels get the keys of ${profile.label} now: ${standing(profile, now)}`));
    }
    return 0;
  });
}

/** `lakeside credentials logout`: wipes sessions from this machine. */
export async function logout(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { all: { type: 'boolean' } },
    { min: 0, max: 1, usage: logoutUsage }
  );
  if (values.all === true && positionals.length > 0) {
    throw new ProblemError('bad-request', `Name a profile, or say --all. Write: ${logoutUsage}`);
  }
  return withCredentials(async ({ service, caller }) => {
    const overview = await service.overview(caller);
    const ids = values.all === true ? overview.profiles.map(({ id }) => id) : [meant(positionals[0], overview)];
    for (const id of ids) printProfile(await service.signOut(caller, id), overview.now);
    const stopped = (overview.grants ?? []).filter(({ profile, state }) => ids.includes(profile) && state === 'ready');
    if (stopped.length > 0) {
      const names = stopped.map(({ name }) => name).join(', ');
      note(plain(`Schedules that do not run until you sign in again: ${names}.`));
    }
    return 0;
  });
}
