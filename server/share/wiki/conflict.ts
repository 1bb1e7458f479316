import { Instant } from '../../../contract/identifiers.js';
import { ProblemError } from '../../../contract/problem.js';
import type { ConflictPart, PageConflict } from '../../../contract/share/index.js';
import { compareWords } from '../render/diff/words.js';
import { weave, type Strand } from './merge.js';
import type { WikiPage, WikiPageRef } from './ports.js';

/** Lines that nobody changed shown before and after a change. */
const CONTEXT = 3;
/** Characters of changed text that are shown; a conflict travels as a problem, so it must stay small. */
const MAX_CHARACTERS = 60_000;

/** What became of the part of a page that Lakeside writes. */
export interface WikiChange {
  /** What was shared last; undefined where nobody knows any more. */
  base: string | undefined;
  theirs: string;
  ours: string;
  mergeable: boolean;
  /** Names `theirs`. */
  seen: string;
}

/** The three texts as they are shown. */
type Texts = Pick<WikiChange, 'base' | 'theirs' | 'ours'>;

/** Somebody changed what Lakeside wrote. Carries the texts, so that a person can look and decide. */
export class WikiConflict extends ProblemError {
  /**
   * @param kind - `unmarked` where the marks of the managed region are damaged or gone
   * @param shown - the same texts without the marks
   */
  constructor(
    readonly kind: 'edited' | 'unmarked',
    readonly page: WikiPage,
    readonly change: WikiChange,
    shown: Texts
  ) {
    const who = page.editor === undefined || page.editor === '' ? 'Somebody' : page.editor;
    const choices = `${change.mergeable ? 'merge both, ' : ''}overwrite it, or publish as a new page`;
    const sentence =
      kind === 'edited'
        ? `${who} changed the part of "${page.title}" that Lakeside writes. Look at the change and choose: ${choices}.`
        : `The lines in "${page.title}" between which Lakeside writes are damaged or gone. Look at the page and choose: write it anew below what stands there, or publish as a new page.`;
    super('target-conflict', sentence, { details: detailsOf(kind, page, change, shown) });
  }
}

/** The page is not there any more, and only a person knows what it means. */
export function missingPage(page: WikiPageRef): ProblemError {
  return new ProblemError(
    'target-not-found',
    `The page "${page.title}" is not in the wiki any more: it was deleted, or its Lakeside marks were taken out. Restore it there, or publish as a new page.`,
    { details: { ...nothing, kind: 'missing', pages: [toPage(page)], answers: ['new'] } satisfies PageConflict }
  );
}

/** Several pages carry the mark, and none of them is the one that Lakeside wrote. */
export function severalPages(pages: readonly WikiPageRef[]): ProblemError {
  return new ProblemError(
    'target-conflict',
    `There are ${pages.length} pages with the mark of this notebook: ${pages.map(({ title }) => `"${title}"`).join(', ')}. Choose the one to go on with, or publish as a new page.`,
    { details: { ...nothing, kind: 'copies', pages: pages.map(toPage), answers: ['new'] } satisfies PageConflict }
  );
}

const nothing = { counts: { theirs: 0, ours: 0, both: 0, clash: 0 }, parts: [], cut: false };

function toPage({ id, title, url }: WikiPageRef): PageConflict['pages'][number] {
  return { id, title, url };
}

function detailsOf(
  kind: 'edited' | 'unmarked',
  page: WikiPage,
  { mergeable: isMergeable, seen }: WikiChange,
  { base, theirs, ours }: Texts
): PageConflict {
  const strands = base === undefined ? strangers(theirs, ours) : weave(base, theirs, ours);
  const editedAt = instant(page.editedAt);
  return {
    kind,
    pages: [toPage(page)],
    ...(page.editor !== undefined && page.editor !== '' && { editor: page.editor }),
    ...(editedAt !== undefined && { editedAt }),
    seen,
    answers: [...(isMergeable ? (['merge'] as const) : []), 'overwrite', 'new'],
    counts: countsOf(strands),
    ...partsOf(strands)
  };
}

/** Where nobody knows what was shared last, each difference is one of both sides. */
function strangers(theirs: string, ours: string): Strand[] {
  return weave(theirs, theirs, ours).map(strand => (strand.kind === 'ours' ? { ...strand, kind: 'clash' } : strand));
}

function countsOf(strands: readonly Strand[]): PageConflict['counts'] {
  const counts = { theirs: 0, ours: 0, both: 0, clash: 0 };
  for (const { kind } of strands) if (kind !== 'same') counts[kind]++;
  return counts;
}

function partsOf(strands: readonly Strand[]): Pick<PageConflict, 'parts' | 'cut'> {
  const parts: ConflictPart[] = [];
  let size = 0;
  for (const [at, strand] of strands.entries()) {
    const more = strand.kind === 'same' ? context(strand.base, at === 0, at === strands.length - 1) : [changed(strand)];
    size += more.reduce((sum, part) => sum + sizeOf(part), 0);
    if (size > MAX_CHARACTERS) return { parts, cut: true };
    parts.push(...more);
  }
  return { parts, cut: false };
}

/** What nobody changed, but for the lines next to a change, is folded. */
function context(lines: readonly string[], isFirst: boolean, isLast: boolean): ConflictPart[] {
  const head = isFirst ? 0 : CONTEXT;
  const tail = isLast ? 0 : CONTEXT;
  const folded = lines.length - head - tail;
  if (folded <= 1) return [{ kind: 'same', base: lines.join('\n') }];
  const shown = (part: readonly string[]): ConflictPart[] =>
    part.length === 0 ? [] : [{ kind: 'same', base: part.join('\n') }];
  return [...shown(lines.slice(0, head)), { kind: 'fold', lines: folded }, ...shown(lines.slice(lines.length - tail))];
}

function changed({ kind, base, theirs, ours }: Strand): ConflictPart {
  const before = base.join('\n');
  return {
    kind: kind === 'same' ? 'both' : kind,
    base: before,
    theirs: compareWords(before, theirs.join('\n')),
    ours: compareWords(before, ours.join('\n'))
  };
}

function sizeOf(part: ConflictPart): number {
  if (part.kind === 'fold') return 0;
  if (part.kind === 'same') return part.base.length;
  return [...part.theirs, ...part.ours].reduce((sum, run) => sum + run.text.length, part.base.length);
}

/** Wikis write times in their own way. */
function instant(text: string | undefined): string | undefined {
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : Instant.parse(new Date(time).toISOString());
}
