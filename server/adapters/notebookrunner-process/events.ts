import * as z from 'zod';
import { ParameterType } from '../../../contract/schedule/form.js';
import type { Parameter } from '../../../contract/schedule/form.js';
import { ParameterName, ParameterValue } from '../../../contract/schedule/values.js';

/** What the runner tells, as far as the scheduler listens (docs/users/runner.md has all of it). */
export const RunnerEvent = z.union([
  z.object({ event: z.literal('ready') }),
  z.object({ event: z.literal('cell'), run: z.string(), cell: z.number(), of: z.number(), state: z.string() }),
  z.object({
    event: z.literal('finished'),
    run: z.string(),
    exitCode: z.number().int(),
    reason: z.string().nullable(),
    kind: z.string().default('')
  }),
  z.object({ event: z.literal('refused'), run: z.string(), text: z.string() }),
  z.object({ event: z.string() })
]);
export type RunnerEvent = z.infer<typeof RunnerEvent>;

/** The kind of an end that came with the runner's own, and by nobody's wish. */
export const RUNNER_ENDED = 'runner-ended';

/** What `run.json` says of an attempt. */
export const RunRecord = z.object({
  exitCode: z.number().int(),
  reason: z.string().nullable(),
  kind: z.string().default('')
});

/** A parameter as `--inspect` tells it: a default of null is none, where the notebook has an expression. */
const Declared = z
  .object({
    name: ParameterName,
    type: z.preprocess(type => (type === 'enum' ? 'choice' : type), ParameterType.catch('any')),
    default: ParameterValue,
    help: z.string(),
    choices: z.array(ParameterValue).optional(),
    expression: z.string().optional()
  })
  .transform(({ name, type, default: value, help, choices, expression }): Parameter => ({
    name,
    type,
    // What a secret stands for stays on the server.
    ...(expression === undefined && type !== 'secret' && { default: value }),
    ...(help !== '' && { help }),
    ...(choices !== undefined && { choices })
  }));

/** What `--inspect` prints. */
export const Inspected = z.object({
  language: z
    .string()
    .nullable()
    .transform(language => language ?? ''),
  kernel: z.string().nullable(),
  parameters: z.array(Declared)
});

/** What `jupyter kernelspec list --json` prints. */
export const Kernels = z.object({
  kernelspecs: z.record(z.string(), z.object({ spec: z.object({ display_name: z.string() }) }))
});

/** A line of the runner's output; undefined where it is none of ours. */
export function readEvent(line: string): RunnerEvent | undefined {
  try {
    return RunnerEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
