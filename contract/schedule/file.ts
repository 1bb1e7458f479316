import * as z from 'zod';
import { keyHelp } from './help.js';
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

/** The JSON Schema of such a file, for editors: what each key may be, and what it is for. */
export function scheduleFileJsonSchema(): object {
  const schema = z.toJSONSchema(ScheduleFile, { io: 'input', target: 'draft-2020-12' }) as JsonSchema;
  const entry = schema.properties?.['schedules']?.items;
  for (const [place, description] of Object.entries(keyHelp)) {
    const found = place.split('.').reduce<JsonSchema | undefined>((at, key) => at?.properties?.[key], entry);
    if (found === undefined) throw new Error(`There is no key ${place} to describe.`);
    found.description = description;
  }
  return { ...schema, title: 'Lakeside schedules' };
}

interface JsonSchema {
  description?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
}
