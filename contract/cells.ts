import * as z from 'zod';

/** A run of text in a word-level diff. */
export const TextRun = z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() });
export type TextRun = z.infer<typeof TextRun>;

/** What happened to one cell between two versions. */
export const CellChange = z.object({
  kind: z.enum(['same', 'added', 'removed', 'changed', 'moved']),
  type: z.string(),
  /** Position in the older and the newer version, from 0. */
  before: z.number().int().min(0).optional(),
  after: z.number().int().min(0).optional(),
  /** Word-level difference of the source; only for `changed`. */
  source: z.array(TextRun).optional(),
  /** The source itself; for `added` and `removed`. */
  text: z.string().optional(),
  outputs: z.enum(['same', 'changed', 'none'])
});
export type CellChange = z.infer<typeof CellChange>;
