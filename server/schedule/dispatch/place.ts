import type { Run, Schedule } from '../../../contract/schedule/index.js';
import { macroValues } from './macros.js';

/** Where a run's output lies: the template of its schedule, with its macros filled in as folder names. */
export function outputPlace(schedule: Schedule, run: Run): string {
  const values = macroValues(schedule, run);
  return schedule.spec.output.replace(/\{\{([\s\S]*?)\}\}/g, (whole, inside: string) => {
    const name = inside.trim();
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? whole : folderName(value);
  });
}

/** Where one attempt's output lies, without a slash at its end. Nothing that an attempt wrote is written again. */
export function attemptPlace(schedule: Schedule, run: Run, number: number): string {
  const place = outputPlace(schedule, run).replace(/^\/|\/+$/g, '');
  return number === 1 ? place : `${place}/attempt-${number}`;
}

/** A text as the name of a folder: no separators, nothing that leads elsewhere, and never none. */
function folderName(text: string): string {
  return text.replaceAll(/[^\p{L}\p{M}\p{N}._ +-]/gu, '-').replace(/^\.+/, '-') || '-';
}
