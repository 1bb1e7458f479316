import { ProblemError } from '../../../contract/problem.js';
import { readArguments } from '../arguments.js';
import { localTime, note, plain, print, printJson, printTable } from '../output.js';
import { standing, withCredentials } from './session.js';
import { auditUsage, listUsage } from './usages.js';

/** `lakeside credentials list`: all profiles, who is signed in and how long. */
export async function list(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { json: { type: 'boolean' } }, { min: 0, usage: listUsage });
  return withCredentials(async ({ service, caller }) => {
    const overview = await service.overview(caller);
    if (values.json) {
      printJson(overview);
      return 0;
    }
    if (overview.profiles.length === 0) {
      print('No profiles. Name one in the section "profiles" of the configuration file.');
      return 0;
    }
    const rows = overview.profiles.map(profile => [
      profile.id === overview.active ? '*' : '',
      profile.id,
      profile.production ? `${profile.label} (production)` : profile.label,
      standing(profile, overview.now)
    ]);
    printTable([['', 'PROFILE', 'LABEL', 'SESSION'], ...rows.map(row => row.map(plain))]);
    for (const { id, trouble } of overview.profiles) if (trouble) note(plain(`${id}: ${trouble.message}`));
    if (overview.store !== undefined) note(overview.store.detail);
    return 0;
  });
}

/** `lakeside credentials audit`: who got which session. Exit code 1 where the record is not as it was written. */
export async function audit(args: readonly string[]): Promise<number> {
  const { values } = readArguments(
    args,
    { json: { type: 'boolean' }, limit: { type: 'string', default: '50' } },
    { min: 0, usage: auditUsage }
  );
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw new ProblemError('bad-request', '--limit is a whole number from 1 to 1000.');
  }
  return withCredentials(async ({ service, caller }) => {
    const report = await service.audit(caller, limit);
    if (values.json) printJson(report);
    for (const { at, event, profile, schedule, by, process: who } of values.json ? [] : report.entries) {
      const kernel = who?.kernel === undefined ? '' : `, kernel ${who.kernel}`;
      const process_ = who === undefined ? '' : ` · ${who.program} ${who.pid}${kernel}`;
      const schedule_ = schedule === undefined ? '' : ` · schedule ${schedule}`;
      print(plain(`${localTime(at)}  ${event.padEnd(10)}  ${profile}  ${by}${schedule_}${process_}`));
    }
    note(report.detail);
    return report.whole ? 0 : 1;
  });
}
