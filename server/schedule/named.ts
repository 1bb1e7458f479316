import type { FieldError } from '../../contract/problem.js';
import type { ScheduleSpec } from '../../contract/schedule/index.js';
import { OWNER, SCREEN } from './notify/targets.js';

/** What a schedule can name that the configuration of this server holds. */
export interface ThereIs {
  /** Names of channels of the configuration. */
  channels: readonly string[];
  /** Names of places where its owner may publish. */
  targets: readonly string[];
}

/** Names in a spec that nothing here answers to: a notice or a page that would never come. */
export function faultsOfNames({ notify, publish }: ScheduleSpec, { channels, targets }: ThereIs): FieldError[] {
  const known = [OWNER, SCREEN, ...channels];
  const errors = Object.entries(notify).flatMap(([kind, names]) =>
    names.flatMap((name, at) => (known.includes(name) ? [] : [unknownName(`notify.${kind}.${at}`, name, known)]))
  );
  if (publish !== undefined && !targets.includes(publish.target)) {
    errors.push(unknownName('publish.target', publish.target, targets));
  }
  return errors;
}

function unknownName(field: string, name: string, known: readonly string[]): FieldError {
  const cure = known.length === 0 ? 'Leave it out.' : `Write one of: ${known.join(', ')}.`;
  return { field, message: `${field} names ${JSON.stringify(name)}, which is not configured here. ${cure}` };
}
