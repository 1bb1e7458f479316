import * as z from 'zod';
import { ScheduleSpec } from './spec.js';

/** The most schedules that one file may hold. */
export const MAX_SCHEDULES_PER_FILE = 1000;

/** A file of schedules, `lakeside.yml`, as it is kept beside notebooks in git. Each goes by its name. */
export const ScheduleFile = z.strictObject({
  schedules: z
    .array(ScheduleSpec)
    .min(1, 'must hold one schedule at least')
    .max(MAX_SCHEDULES_PER_FILE, `must hold at most ${MAX_SCHEDULES_PER_FILE} schedules`)
    .superRefine((all, context) => {
      const seen = new Map<string, number>();
      for (const [at, { name }] of all.entries()) {
        const first = seen.get(name);
        if (first === undefined) seen.set(name, at);
        else {
          const message = `is the name of schedule ${first + 1} too; each needs one of its own`;
          context.addIssue({ code: 'custom', path: [at, 'name'], message });
        }
      }
    })
});
export type ScheduleFile = z.infer<typeof ScheduleFile>;

/** The JSON Schema of such a file, for editors. */
export function scheduleFileJsonSchema(): object {
  return {
    ...z.toJSONSchema(ScheduleFile, { io: 'input', target: 'draft-2020-12' }),
    title: 'Lakeside schedules'
  };
}
