import * as z from 'zod';
import { CellChange } from '../cells.js';
import { Ulid } from '../identifiers.js';

export { CellChange, TextRun } from '../cells.js';

/** The cell-level difference of two versions of a notebook. */
export const NotebookDiff = z.object({
  notebookId: Ulid,
  from: Ulid,
  to: Ulid,
  added: z.number().int(),
  removed: z.number().int(),
  changed: z.number().int(),
  moved: z.number().int(),
  unchanged: z.number().int(),
  /** True where notebook metadata (kernel, language) differs. */
  metadataChanged: z.boolean(),
  /** Runs of unchanged cells longer than one are counted in `unchanged`, not listed. */
  cells: z.array(CellChange)
});
export type NotebookDiff = z.infer<typeof NotebookDiff>;
