import { ProblemError } from '../../../contract/problem.js';
import type { FieldError } from '../../../contract/problem.js';
import { ScheduleFile } from '../../../contract/schedule/file.js';
import type { ScheduleSpec } from '../../../contract/schedule/spec.js';
import { checkSource, parseSource } from '../../yaml/source.js';
import { faultsOfSpec } from './check.js';

/**
 * Reads a file of schedules.
 *
 * @param file - its name, for messages
 * @throws ProblemError `invalid`: each fault with file, line, key and cure, the first one as the message
 */
export function readScheduleFile(file: string, text: string): ScheduleSpec[] {
  const source = parseSource(file, text);
  const { schedules } = checkSource(source, ScheduleFile);
  const errors = schedules.flatMap((spec, at): FieldError[] =>
    faultsOfSpec(spec).map(({ path, sentence }) => {
      const whole = ['schedules', at, ...path];
      const field = whole.join('.');
      return { field, message: `${file}, line ${source.lineOf(whole)}: ${field} ${sentence}` };
    })
  );
  const [first] = errors;
  if (first !== undefined) throw new ProblemError('invalid', first.message, { errors });
  return schedules;
}
