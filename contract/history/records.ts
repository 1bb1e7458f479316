import * as z from 'zod';
import { CellChange } from '../cells.js';
import { Instant, Ulid } from '../identifiers.js';

/** How many cells a version has in each state, against the version before it. */
export const CellCounts = z.object({
  cells: z.number().int(),
  added: z.number().int(),
  removed: z.number().int(),
  changed: z.number().int()
});
export type CellCounts = z.infer<typeof CellCounts>;

/** A notebook as it once was. */
export const HistoryVersion = z.object({
  versionId: Ulid,
  /** When it was saved; for `before` when the file was last changed. */
  at: Instant,
  /** `save`: somebody saved it. `before`: what lay in the file before Lakeside first saw it saved, or changed outside Jupyter. */
  kind: z.enum(['save', 'before']),
  /** Who saved it, by the name to show. */
  by: z.string(),
  /** Bytes of the file. */
  size: z.number().int(),
  /** Bytes that this version added to the history. */
  cost: z.number().int(),
  counts: CellCounts,
  /**
   * A little picture of the cells in their order, at most 48 letters: `.` the same, `c` changed, `a` added; a letter
   * stands for several cells where there are more, and for the greatest change among them.
   */
  strip: z.string().regex(/^[.ca]*$/)
});
export type HistoryVersion = z.infer<typeof HistoryVersion>;

/** A notebook that has a history. */
export const HistoryNotebook = z.object({
  historyId: Ulid,
  /** Contents path, as Jupyter knows it. */
  path: z.string(),
  versions: z.number().int(),
  firstAt: Instant,
  lastAt: Instant,
  /** Bytes of the newest version. */
  size: z.number().int(),
  /** Since when the file is gone; absent while it is there. */
  deletedAt: Instant.optional()
});
export type HistoryNotebook = z.infer<typeof HistoryNotebook>;

/** A part of the versions of a notebook, newest first. */
export const Timeline = z.object({
  /** False where the operator turned history off, or contents are no files: nothing new is kept. */
  enabled: z.boolean(),
  /** Absent where nothing was kept of this notebook. */
  notebook: HistoryNotebook.optional(),
  versions: z.array(HistoryVersion),
  /** Ask for what is `before` this version; absent at the end. */
  next: Ulid.optional()
});
export type Timeline = z.infer<typeof Timeline>;

/** What changed between two versions, cell by cell. Runs of unchanged cells are counted, not listed. */
export const HistoryDiff = z.object({
  versionId: Ulid,
  /** The older version; absent where there is none before it: then everything was added. */
  against: Ulid.optional(),
  added: z.number().int(),
  removed: z.number().int(),
  changed: z.number().int(),
  moved: z.number().int(),
  unchanged: z.number().int(),
  /** True where notebook metadata (kernel, language) differs. */
  metadataChanged: z.boolean(),
  cells: z.array(CellChange)
});
export type HistoryDiff = z.infer<typeof HistoryDiff>;
