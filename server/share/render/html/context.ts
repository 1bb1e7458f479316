import { loadSanitiser, type Sanitiser } from '../sanitise/html.js';
import { anchorId } from '../sanitise/url.js';
import { Highlighter } from './code.js';
import { MathSetter } from './math.js';

/** An entry of the contents list. */
export interface Entry {
  level: number;
  id: string;
  text: string;
}

/** What a page knows while its sections are written: names given so far, headings, and the libraries in use. */
export class PageContext {
  readonly math = new MathSetter();
  readonly code = new Highlighter();
  readonly entries: Entry[] = [];
  /** Sentences on what was cut or replaced. */
  readonly notes: string[] = [];
  private readonly ids = new Map<string, number>();
  private readonly counts = new Map<string, number>();
  /** Level of the heading before. */
  level = 0;
  private sanitiser: Promise<Sanitiser> | undefined;

  /** @param title - the title the page will have; undefined takes the first heading */
  constructor(
    private readonly wantedTitle: string | undefined,
    readonly hideCode: boolean
  ) {}

  /** The first heading that stands for the title of the page, if the notebook begins with one. */
  ownTitle: string | undefined;

  /**
   * Enters a heading: gives it an id, and a level that leaves out no step below the one before.
   *
   * @param opens - whether nothing stands before it on the page; then it may be the page's title
   */
  heading(text: string, level: number, opens: boolean): { id: string; level: number } {
    const id = this.id(text);
    if (opens && this.level === 0 && (this.wantedTitle === undefined || this.wantedTitle === text.trim())) {
      this.ownTitle = text.trim();
      this.level = 1;
      return { id, level: 1 };
    }
    const given = this.stepDown(level);
    this.entries.push({ level, id, text });
    return { id, level: given };
  }

  /** The level a heading may have here: at least 1, at most one below the heading before. The page has a title above. */
  stepDown(level: number): number {
    this.level = Math.min(level, Math.max(this.level, 1) + 1);
    return this.level;
  }

  /** Counts things of a kind from 1, so that each has a name of its own. */
  number(kind: string): number {
    const next = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, next);
    return next;
  }

  note(sentence: string): void {
    this.notes.push(sentence);
  }

  clean(): Promise<Sanitiser> {
    return (this.sanitiser ??= loadSanitiser());
  }

  private id(text: string): string {
    const base = anchorId(text);
    const seen = this.ids.get(base) ?? 0;
    this.ids.set(base, seen + 1);
    return seen === 0 ? base : `${base}-${seen + 1}`;
  }
}
