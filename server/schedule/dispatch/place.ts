import { airflowMacros } from '../../../contract/schedule/macros.js';
import type { Run, Schedule } from '../../../contract/schedule/index.js';
import { Zone } from '../time/zone.js';

/** Where a run's output lies: the template of its schedule, with its macros filled in as folder names. */
export function outputPlace({ id, owner, spec }: Schedule, run: Run): string {
  const zone = new Zone(spec.when.zone);
  const clock = (instant: string): string => new Date(zone.civilAt(Date.parse(instant))).toISOString().slice(0, 19);
  const [start, due] = [clock(run.intervalStart), clock(run.dueAt)];
  const values: Record<string, string> = {
    schedule_id: id,
    run_id: run.id,
    schedule_name: spec.name,
    owner,
    notebook: spec.notebook.path,
    zone: spec.when.zone,
    ds: start.slice(0, 10),
    ds_nodash: start.slice(0, 10).replaceAll('-', ''),
    ts: start,
    ts_nodash: start.replaceAll(/[-:]/g, ''),
    interval_start: start,
    interval_end: due,
    scheduled_at: due
  };
  return spec.output.replace(/\{\{([\s\S]*?)\}\}/g, (whole, inside: string) => {
    const name = inside.trim();
    const value = values[airflowMacros[name] ?? name];
    return value === undefined ? whole : folderName(value);
  });
}

/** Where one attempt's output lies, without a slash at its end. Nothing that an attempt wrote is written again. */
export function attemptPlace(schedule: Schedule, run: Run, number: number): string {
  const place = outputPlace(schedule, run).replace(/^\/|\/+$/g, '');
  return number === 1 ? place : `${place}/attempt-${number}`;
}

/** A text as the name of a folder: no separators, nothing that leads elsewhere. */
function folderName(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}._ -]/gu, '-').replace(/^\.+/, '-');
}
