import * as z from 'zod';
import { Instant } from '../identifiers.js';
import { TextRun } from './diff.js';

/**
 * A piece of the part of a page that Lakeside writes, seen from what was shared last.
 * `fold`: so many lines that nobody changed and that are not shown. `same`: lines that nobody changed.
 * `theirs`: changed on the page alone. `ours`: changed in the notebook alone. `both`: changed in the same way.
 * `clash`: changed on both sides, each in another way; such a piece cannot be merged.
 */
export const ConflictPart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fold'), lines: z.number().int().min(1) }),
  z.object({ kind: z.literal('same'), base: z.string() }),
  z.object({
    kind: z.enum(['theirs', 'ours', 'both', 'clash']),
    /** The words as they were shared last. */
    base: z.string(),
    /** What became of them on the page, and in the notebook. */
    theirs: z.array(TextRun),
    ours: z.array(TextRun)
  })
]);
export type ConflictPart = z.infer<typeof ConflictPart>;

/** A page of a wiki, as a person is shown it. */
export const ConflictPage = z.object({ id: z.string(), title: z.string(), url: z.string() });
export type ConflictPage = z.infer<typeof ConflictPage>;

/**
 * What stands between a share and the page of a wiki, as `details` of a problem.
 * `edited`: somebody changed what Lakeside wrote. `unmarked`: the lines that mark Lakeside's part are damaged or gone.
 * `missing`: the page is not there any more. `copies`: several pages carry the mark of this notebook.
 */
export const PageConflict = z.object({
  kind: z.enum(['edited', 'unmarked', 'missing', 'copies']),
  /** The page; for `copies` all that carry the mark. */
  pages: z.array(ConflictPage).min(1),
  /** Who changed it last and when, where the wiki says. */
  editor: z.string().optional(),
  editedAt: Instant.optional(),
  /** Names the text that is shown; goes back with the answer. */
  seen: z.string().optional(),
  /** What can be answered: `merge` only where no piece clashes. */
  answers: z.array(z.enum(['merge', 'overwrite', 'new'])),
  /** How many pieces changed, by kind; also those that `parts` leaves out. */
  counts: z.object({
    theirs: z.number().int().min(0),
    ours: z.number().int().min(0),
    both: z.number().int().min(0),
    clash: z.number().int().min(0)
  }),
  /** The text in pieces, from its beginning; cut where it is very long. Empty where there is no text to compare. */
  parts: z.array(ConflictPart),
  cut: z.boolean(),
  /** What is in the Library by now, which comes before the wiki. The pages in the wiki are as they were. */
  library: z.object({ versionNumber: z.number().int().min(1) }).optional()
});
export type PageConflict = z.infer<typeof PageConflict>;
