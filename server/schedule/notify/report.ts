import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** What the runner wrote of an attempt; undefined where it wrote nothing that can be read. @param folder - of its output */
export async function readReport(folder: string): Promise<Report | undefined> {
  try {
    return Report.parse(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')));
  } catch {
    return undefined;
  }
}
