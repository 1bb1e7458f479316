import { ProblemError } from '../../../contract/problem.js';
import { readArguments } from '../arguments.js';
import { localTime, note, plain, print, printJson, printTable } from '../output.js';
import { withCredentials } from './session.js';
import { grantsUsage, revokeUsage } from './usages.js';

/** `lakeside credentials grants`: the schedules whose runs may use a profile while nobody is there. */
export async function grants(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { json: { type: 'boolean' } }, { min: 0, usage: grantsUsage });
  return withCredentials(async ({ service, caller }) => {
    const all = await service.grants(caller);
    if (values.json) {
      printJson({ grants: all });
      return 0;
    }
    if (all.length === 0) {
      print('No schedule may use a profile. One does that says so: credentials: PROFILE.');
      return 0;
    }
    const rows = all.map(({ name, schedule, profile, role = '', state, since }) => [
      schedule,
      name,
      profile,
      role,
      localTime(since),
      state
    ]);
    printTable([['SCHEDULE', 'NAME', 'PROFILE', 'ROLE', 'SINCE', 'STATE'], ...rows.map(row => row.map(plain))]);
    for (const { name, trouble } of all) if (trouble !== undefined) note(plain(`${name}: ${trouble}`));
    return 0;
  });
}

/** `lakeside credentials revoke`: takes the permission from schedules, by id or by name. */
export async function revoke(args: readonly string[]): Promise<number> {
  const { positionals } = readArguments(args, {}, { min: 1, max: Infinity, usage: revokeUsage });
  return withCredentials(async ({ service, caller }) => {
    const all = await service.grants(caller);
    const meant = positionals.map(wanted => {
      const found = all.filter(({ schedule, name }) => schedule === wanted || name === wanted);
      const [grant] = found;
      if (grant !== undefined && found.length === 1) return grant;
      const why = found.length > 1 ? 'several may: write the id' : 'see lakeside credentials grants';
      throw new ProblemError('not-found', `No single schedule "${wanted.slice(0, 100)}" may use a profile: ${why}.`);
    });
    for (const { id, name, profile } of meant) {
      await service.revoke(caller, id);
      print(plain(`${name} may not use ${profile} any more. Keys that a run has live to their end.`));
    }
    return 0;
  });
}
