import { readFile } from 'node:fs/promises';
import * as z from 'zod';

const Check = z.object({ expression: z.string(), ok: z.boolean(), value: z.unknown() });
const Message = z.object({ text: z.string() });

/** What of `run.json` people are told (docs/users/runner.md says what there is). */
export const Report = z.object({
  cell: z.object({ number: z.number().int(), firstLine: z.string() }).nullish(),
  error: z.object({ name: z.string(), firstLine: z.string(), lastLine: z.string() }).nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  seconds: z.number().nullish(),
  checks: z.array(Check).catch([]).default([]),
  notifications: z.array(Message).catch([]).default([])
});
export type Report = z.infer<typeof Report>;

/** What the runner wrote of an attempt, in its `run.json`; undefined where that cannot be read. */
export async function readReport(file: string): Promise<Report | undefined> {
  try {
    return Report.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}
