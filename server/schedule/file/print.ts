import { stringify } from 'yaml';
import { ScheduleSpec } from '../../../contract/schedule/spec.js';

/** Writes schedules as the text of a `lakeside.yml`, without what goes without saying. Reading it gives the same again. */
export function printScheduleFile(specs: readonly ScheduleSpec[]): string {
  // Texts that an older YAML would read as a date or a truth value are quoted, so that every program reads the same.
  return stringify({ schedules: specs.map(brief) }, { lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false });
}

/** Keys that have no default. */
const needed: ReadonlySet<string> = new Set(['name', 'notebook', 'path', 'when', 'cron']);

/** A schedule without the keys that have their default. */
function brief(spec: ScheduleSpec): object {
  const least = ScheduleSpec.parse({ name: spec.name, notebook: { path: 'x.ipynb' }, when: { cron: '@daily' } });
  return without(spec, least) as object;
}

function without(value: unknown, defaults: unknown): unknown {
  if (!isMap(value) || !isMap(defaults)) return value;
  const kept = Object.entries(value).flatMap(([key, item]) => {
    if (item === undefined) return [];
    // Parameters are data: all of them stay, also empty ones.
    const short = key === 'parameters' ? item : without(item, defaults[key]);
    const isSame = JSON.stringify(item) === JSON.stringify(defaults[key]);
    return isSame && !needed.has(key) ? [] : [[key, short] as const];
  });
  return Object.fromEntries(kept);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
