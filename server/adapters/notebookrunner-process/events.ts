import * as z from 'zod';

/** What the runner tells, as far as the scheduler listens (docs/users/runner.md has all of it). */
export const RunnerEvent = z.union([
  z.object({ event: z.literal('ready') }),
  z.object({ event: z.literal('cell'), run: z.string(), cell: z.number(), of: z.number(), state: z.string() }),
  z.object({
    event: z.literal('finished'),
    run: z.string(),
    exitCode: z.number().int(),
    reason: z.string().nullable()
  }),
  z.object({ event: z.literal('refused'), run: z.string(), text: z.string() }),
  z.object({ event: z.string() })
]);
export type RunnerEvent = z.infer<typeof RunnerEvent>;

/** What `run.json` says of an attempt. */
export const RunRecord = z.object({ exitCode: z.number().int(), reason: z.string().nullable() });

/** A line of the runner's output; undefined where it is none of ours. */
export function readEvent(line: string): RunnerEvent | undefined {
  try {
    return RunnerEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
