import { airflowMacros } from '../../../contract/schedule/macros.js';
import type { Run, Schedule } from '../../../contract/schedule/index.js';
import { Zone } from '../time/zone.js';

const DAY = 86_400_000;

/**
 * Every macro with what it stands for in a run, Airflow's names among them: what the runner (lakeside/runner/macros.py)
 * fills into parameters, with times in whole seconds of the zone's clocks and, but for `ts_nodash_with_tz`, without
 * their offset.
 */
export function macroValues({ id, owner, spec }: Schedule, run: Run): Record<string, string> {
  const zone = new Zone(spec.when.zone);
  const [start, due] = [Date.parse(run.intervalStart), Date.parse(run.dueAt)];
  const from = zone.civilAt(start);
  const to = zone.civilAt(due);
  const isMoment = due === start;
  // A step on the zone's clocks, as people count: the day before Monday is Sunday, also where Sunday had 23 hours.
  const before = from - Math.max(to - from, 0);
  const days = {
    ds: day(from),
    prev_ds: day(isMoment ? from - DAY : before),
    next_ds: day(isMoment ? from + DAY : to),
    yesterday_ds: day(from - DAY),
    tomorrow_ds: day(from + DAY)
  };
  const compact = clock(from).replaceAll(/[-:]/g, '');
  const values: Record<string, string> = {
    ...days,
    ...Object.fromEntries(Object.entries(days).map(([name, text]) => [`${name}_nodash`, text.replaceAll('-', '')])),
    ts: clock(from),
    ts_nodash: compact,
    ts_nodash_with_tz: compact + offset(from - Math.floor(start / 1000) * 1000),
    interval_start: clock(from),
    interval_end: clock(to),
    scheduled_at: clock(to),
    zone: spec.when.zone,
    run_id: run.id,
    schedule_id: id,
    schedule_name: spec.name,
    owner,
    notebook: spec.notebook.path
  };
  for (const [synonym, name] of Object.entries(airflowMacros)) values[synonym] = values[name] ?? '';
  return values;
}

function day(civil: number): string {
  return clock(civil).slice(0, 10);
}

function clock(civil: number): string {
  return new Date(civil).toISOString().slice(0, 19);
}

/** `+0530` for milliseconds. */
function offset(milliseconds: number): string {
  const minutes = Math.round(Math.abs(milliseconds) / 60_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${milliseconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}
