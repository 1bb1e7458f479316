import { createHash } from 'node:crypto';
import { ProblemError } from '../../../contract/problem.js';
import type { FailPoint } from '../../ports.js';
import { inWords } from '../sizes.js';
import type { WikiAttachment, WikiCall, WikiDialect, WikiPage, WikiTarget } from './ports.js';
import { missingPage, severalPages, WikiConflict } from './conflict.js';
import { merge } from './merge.js';
import { insideOf, putTogether, regionMarks, takeApart, type Parts } from './region.js';

export { WikiConflict } from './conflict.js';

/** What Lakeside knows of a page it wrote. Kept for each notebook and target; enough to go on after a crash. */
export interface WikiRecord {
  pageId: string;
  title: string;
  space: string;
  url: string;
  version: string;
  /** Hash of what the emitter made when it was last written whole; undefined while the page waits for its text. */
  renderedHash: string | undefined;
  /** The managed region as the wiki gave it back after that. */
  region: string;
  /** What of it is Lakeside's: the same, but for what a person changed in it and chose to keep. */
  base: string;
  /**
   * A region that is being written: if the page holds it already, the write had happened before the crash. `base` is
   * given where changes of a person were merged into it.
   */
  writing?: { region: string; renderedHash: string; base: string | undefined } | undefined;
}

/**
 * How a person settles a change that somebody else made inside the managed region. The third answer, a new page, is a
 * share with a marker of its own and without a record.
 */
export type WikiAnswer = 'merge' | 'overwrite';

/** What a publication does, one after the other: its page is found or made, figures are sent, the text is written. */
export type WikiStage = 'page' | 'figures' | 'text';

/** Tells how far a stage is; `total` 0 where nobody can say. */
export type WikiReport = (done: number, total: number, detail?: string) => void;

/** Shows stages to who waits. */
export interface WikiStages {
  run<T>(stage: WikiStage, work: (report: WikiReport) => Promise<T>): Promise<T>;
  /** Not needed this time. */
  skip(stage: WikiStage): void;
}

export interface WikiPublication {
  target: WikiTarget;
  dialect: WikiDialect;
  marker: string;
  place: { title: string; space?: string | undefined; parent?: string | undefined };
  /** The managed region, and its hash. */
  region: string;
  renderedHash: string;
  attachments: readonly WikiAttachment[];
  record: WikiRecord | undefined;
  answer: WikiAnswer | undefined;
  /** What the person saw who answered, as the conflict named it; without it whatever there is. */
  seen?: string | undefined;
  /** Of several pages that carry the marker, the id of the one a person chose. */
  chosen?: string | undefined;
  /** Shows the stages as they are gone through. */
  stages?: WikiStages | undefined;
  /** Stores the record durably. Called before and after each change of the wiki that a crash must not repeat. */
  save: (record: WikiRecord) => void | Promise<void>;
  failPoint: FailPoint;
  signal?: AbortSignal | undefined;
  /** The person who shares. */
  author?: string | undefined;
}

export interface WikiOutcome {
  record: WikiRecord;
  outcome: 'created' | 'updated' | 'unchanged';
  /** What was written to the wiki. */
  uploads: number;
  edits: number;
}

const MAX_ROUNDS = 5;

const unseen: WikiStages = { run: (_stage, work) => work(() => undefined), skip: () => undefined };

/**
 * Brings a page of a wiki up to date, in the order that loses nothing: find → create with the marker if absent → upload
 * what is missing → write on the version that was read → read back → record. Killed anywhere and called again, it goes on
 * and makes no second page.
 *
 * @throws WikiConflict where somebody changed the managed region and nobody answered what to do
 * @throws ProblemError as `WikiTarget` says
 */
export async function publishToWiki(publication: WikiPublication): Promise<WikiOutcome> {
  return new Publishing(publication).run();
}

class Publishing {
  private edits = 0;
  private uploads = 0;
  private record: WikiRecord | undefined;
  /** Hash of the text that the person's answer is about: what was seen, else what this share met first. */
  private answered: string | undefined;
  /** Attachments that go into the wiki together with the text. */
  private waiting: readonly WikiAttachment[] = [];
  private readonly call: WikiCall;

  constructor(private readonly given: WikiPublication) {
    this.record = given.record;
    this.call = { signal: given.signal, author: given.author };
  }

  async run(): Promise<WikiOutcome> {
    const { failPoint, stages = unseen } = this.given;
    const { page, isNew } = await stages.run('page', async report => {
      report(0, 0, 'looking for it');
      const found = await this.find();
      await failPoint('wiki:page-found');
      if (found === undefined) report(0, 0, 'making it');
      return { page: found ?? (await this.create()), isNew: found === undefined };
    });
    await failPoint('wiki:page-there');
    await this.sendFigures(page, stages);
    await failPoint('wiki:uploaded');
    return stages.run('text', report => this.bringUpToDate(page, isNew, report));
  }

  private async bringUpToDate(found: WikiPage, isNew: boolean, report: WikiReport): Promise<WikiOutcome> {
    let page = found;
    for (let round = 1; ; round++) {
      try {
        const record = await this.bring(page, report);
        const outcome = isNew ? 'created' : this.edits + this.uploads > 0 ? 'updated' : 'unchanged';
        return { record, outcome, uploads: this.uploads, edits: this.edits };
      } catch (error) {
        const overtaken =
          error instanceof ProblemError && error.code === 'target-conflict' && !(error instanceof WikiConflict);
        if (!overtaken || round === MAX_ROUNDS) throw error;
        page = await this.again(page);
      }
    }
  }

  /** The page of this notebook, wherever it is now; undefined where one must be made. */
  private async find(): Promise<WikiPage | undefined> {
    const { target, marker, place, chosen } = this.given;
    const before = this.record;
    const known = before ? { pageId: before.pageId, title: before.title, space: before.space } : place;
    const hint = chosen === undefined ? known : { pageId: chosen };
    const found = await target.find(marker, hint, this.call);
    const wanted = chosen ?? before?.pageId;
    const page = found.find(each => each.id === wanted) ?? found[0];
    if (found.length > 1 && page?.id !== wanted) throw severalPages(found);
    if (page) return page;
    if (before?.renderedHash === undefined) return undefined;
    const unmarked = await target.read(before.pageId, this.call);
    if (unmarked === undefined) throw missingPage({ ...before, id: before.pageId });
    if (this.answerTo(unmarked.body) === 'overwrite') return unmarked;
    throw this.conflict('unmarked', unmarked, { theirs: unmarked.body, mergeable: false });
  }

  private conflict(
    kind: WikiConflict['kind'],
    page: WikiPage,
    { theirs, mergeable }: { theirs: string; mergeable: boolean }
  ): WikiConflict {
    const { region: ours, dialect, marker } = this.given;
    const base = this.record?.base;
    const inside = (text: string): string => insideOf(text, dialect, marker);
    const shown = { base: base === undefined ? base : inside(base), theirs: inside(theirs), ours: inside(ours) };
    return new WikiConflict(kind, page, { base, theirs, ours, mergeable, seen: hash(theirs) }, shown);
  }

  /** The answer, where it was given to this text: who answered did not see what came since. */
  private answerTo(theirs: string): WikiAnswer | undefined {
    this.answered ??= this.given.seen ?? hash(theirs);
    return this.answered === hash(theirs) ? this.given.answer : undefined;
  }

  private async create(): Promise<WikiPage> {
    const { target, place, save, failPoint } = this.given;
    const body = this.placeholder();
    const page = await target.create({ ...place, body, summary: 'Shared from Lakeside' }, this.call);
    this.edits++;
    await failPoint('wiki:page-created');
    const region = this.asWritten(page, body);
    await this.keep(page, { renderedHash: undefined, region, base: region }, save);
    return page;
  }

  /** What a page says until its figures are there. */
  private placeholder(): string {
    const { dialect, marker } = this.given;
    const { begin, end } = regionMarks(dialect, marker);
    const sentence = 'Lakeside is writing this page.';
    return `${begin}\n${dialect === 'confluence' ? `<p>${sentence}</p>` : sentence}\n${end}`;
  }

  private async sendFigures(page: WikiPage, stages: WikiStages): Promise<void> {
    const { target, attachments } = this.given;
    const missing = (): Promise<WikiAttachment[]> => target.missing(page.id, attachments, this.call);
    if (attachments.length === 0 || target.writeWith) {
      stages.skip('figures');
      this.waiting = attachments.length === 0 ? [] : await missing();
    } else await stages.run('figures', async report => this.uploadEach(page, await missing(), report));
  }

  private async uploadEach(page: WikiPage, missing: readonly WikiAttachment[], report: WikiReport): Promise<void> {
    const { target, failPoint } = this.given;
    for (const [at, attachment] of missing.entries()) {
      report(at, missing.length, inWords(attachment.size));
      await target.upload(page.id, attachment, this.call);
      this.uploads++;
      await failPoint('wiki:attachment-uploaded');
    }
    report(missing.length, missing.length);
  }

  /** Writes the text of the page where it is not there yet, and reads it back. */
  private async bring(page: WikiPage, report: WikiReport): Promise<WikiRecord> {
    const { dialect, marker, renderedHash, save, failPoint } = this.given;
    const parts = takeApart(page.body, dialect, marker);
    const held = regionOf(parts);
    const before = this.record;
    const { writing } = before ?? {};
    // The write had happened; only its record was lost.
    if (writing?.renderedHash === renderedHash && sameText(held, writing.region))
      return this.settle(page, { renderedHash, region: held, base: writing.base ?? held });
    if (before?.renderedHash === renderedHash && sameText(held, before.region))
      return this.settle(page, { renderedHash, region: held, base: before.base });
    if (sameText(held, this.given.region)) return this.settle(page, { renderedHash, region: held, base: held });

    const { region, base } = this.decide(page, parts);
    const body = typeof parts === 'string' ? this.mended(page.body, region) : putTogether(parts, region);
    const known = before ?? { renderedHash: undefined, region: held, base: held };
    await this.keep(page, { ...pick(known), writing: { region, renderedHash, base } }, save);
    await failPoint('wiki:intent-stored');
    report(0, 0, this.waiting.length === 0 ? 'writing it' : `writing it, with ${this.waiting.length} figures`);
    const written = this.asWritten(await this.write(page, body), region);
    await failPoint('wiki:body-written');
    report(0, 0, 'reading it back');
    const now = await this.again(page);
    await failPoint('wiki:read-back');
    const record = await this.keep(now, { renderedHash, region: written, base: base ?? written }, save);
    await failPoint('wiki:recorded');
    return record;
  }

  /**
   * A region as the wiki holds it after a write. Where that says something else, somebody wrote into it in the same
   * moment, or the wiki joined both: then it is the region as it was sent, so that their words never count as ours.
   */
  private asWritten(page: WikiPage, region: string): string {
    const { dialect, marker } = this.given;
    const held = regionOf(takeApart(page.body, dialect, marker));
    // Confluence alone writes tags in its own way.
    const isOurs = dialect === 'confluence' ? words(held) === words(region) : sameText(held, region);
    return isOurs ? held : region;
  }

  /** Writes the page, with the attachments that wait for it where the wiki takes both at once. */
  private async write(page: WikiPage, body: string): Promise<WikiPage> {
    const { target } = this.given;
    const change = { base: page.version, body, summary: 'Updated from Lakeside' };
    const attachments = this.waiting;
    const written = target.writeWith
      ? await target.writeWith(page.id, { ...change, attachments }, this.call)
      : await target.write(page.id, change, this.call);
    this.uploads += attachments.length;
    this.waiting = [];
    this.edits++;
    return written;
  }

  /** The text is there already; an attachment that somebody took away is not. */
  private async settle(
    page: WikiPage,
    state: Pick<WikiRecord, 'renderedHash' | 'region' | 'base'>
  ): Promise<WikiRecord> {
    if (this.waiting.length > 0) await this.uploadEach(page, this.waiting, () => undefined);
    this.waiting = [];
    return this.keep(page, state, this.given.save);
  }

  /** The region to write, and what of it is ours where it holds changes of a person. */
  private decide(page: WikiPage, parts: Parts | 'absent' | 'broken'): { region: string; base: string | undefined } {
    const { region: ours, dialect, marker } = this.given;
    const theirs = regionOf(parts);
    const answer = this.answerTo(typeof parts === 'string' ? page.body : theirs);
    const base = this.record?.base;
    // A page that was made before a crash, whose record was lost with it.
    const isEmpty = typeof parts !== 'string' && words(theirs) === words(this.placeholder());
    const untouched = isEmpty || (typeof parts !== 'string' && base !== undefined && sameText(theirs, base));
    if (untouched || answer === 'overwrite') return { region: ours, base: undefined };
    const merged = typeof parts === 'string' || base === undefined ? undefined : merge(base, theirs, ours);
    const isWhole = merged !== undefined && typeof takeApart(merged, dialect, marker) !== 'string';
    // What a person chose to keep once stays without asking again, as long as nobody changed more.
    const isKnown = this.record !== undefined && sameText(theirs, this.record.region);
    if (isWhole && (answer === 'merge' || isKnown)) return { region: merged, base: ours };
    if (typeof parts === 'string') throw this.conflict('unmarked', page, { theirs: page.body, mergeable: false });
    throw this.conflict('edited', page, { theirs, mergeable: isWhole });
  }

  /** A page without whole marks, for one who chose to overwrite: all text stays, the region comes after it. */
  private mended(body: string, region: string): string {
    const { dialect, marker } = this.given;
    const { begin, end } = regionMarks(dialect, marker);
    const rest = body.split(begin).join('').split(end).join('').trimEnd();
    return rest === '' ? region : `${rest}\n\n${region}`;
  }

  private async again(page: WikiPage): Promise<WikiPage> {
    const now = await this.given.target.read(page.id, this.call);
    if (now) return now;
    throw missingPage(page);
  }

  private async keep(
    page: WikiPage,
    state: Pick<WikiRecord, 'renderedHash' | 'region' | 'base' | 'writing'>,
    save: WikiPublication['save']
  ): Promise<WikiRecord> {
    const { id: pageId, title, space, url, version } = page;
    const record: WikiRecord = { pageId, title, space, url, version, ...state };
    this.record = record;
    await save(record);
    return record;
  }
}

function pick({
  renderedHash,
  region,
  base
}: Pick<WikiRecord, 'renderedHash' | 'region' | 'base'>): Pick<WikiRecord, 'renderedHash' | 'region' | 'base'> {
  return { renderedHash, region, base };
}

function regionOf(parts: Parts | 'absent' | 'broken'): string {
  return typeof parts === 'string' ? '' : parts.region;
}

/** A text without tags and comments, which some wikis write otherwise. */
function words(text: string): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Wikis cut blanks at the ends of lines and of pages, and nothing else of what we write. */
function sameText(a: string, b: string): boolean {
  return hash(a) === hash(b);
}

function hash(text: string): string {
  return createHash('sha256')
    .update(
      text
        .normalize('NFC')
        .replace(/[ \t]+$/gm, '')
        .trim()
    )
    .digest('hex');
}
