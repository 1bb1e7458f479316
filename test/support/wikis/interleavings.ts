import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createIds } from '../../../server/ids.js';
import type { WikiDialect, WikiTarget } from '../../../server/share/wiki/ports.js';
import { publishToWiki, WikiConflict, type WikiAnswer, type WikiRecord } from '../../../server/share/wiki/publish.js';
import { holdsMarker, regionMarks, takeApart } from '../../../server/share/wiki/region.js';

/** A wiki, or a part of one, in which there is nothing but what happens here. */
export interface WorldWiki {
  target: WikiTarget;
  dialect: WikiDialect;
  place: { title: string; space?: string };
  /** All pages that are there now. */
  pages(): Promise<WorldPage[]>;
  edit(pageId: string, change: (body: string) => string): Promise<void>;
  rename(pageId: string, title: string): Promise<unknown>;
  remove(pageId: string): Promise<void>;
  restore(pageId: string): Promise<void>;
  /**
   * Writes a word where people write in other ways than into the source, with `beside` into the paragraph of a mark.
   *
   * @returns whether it stands in the part that Lakeside writes; undefined where nothing was done
   */
  write?(page: WorldPage, deed: WritingDeed): Promise<'inside' | 'outside' | undefined>;
}

export interface WorldPage {
  id: string;
  body: string;
}

export interface WritingDeed {
  word: string;
  act: 'before' | 'after' | 'inside' | 'beside';
  at: number;
  marker: string;
}

const ids = createIds(systemClock);

/** Longest time for all interleavings on a real wiki. Milliseconds. */
export const HOUR = 3_600_000;

class Killed extends Error {}

type Act = WritingDeed['act'] | 'rename' | 'delete' | 'restore';
/** What a person does in the middle of a share: before the text is written, or before it is read back. */
type Meanwhile = [Act, when: 'wiki:intent-stored' | 'wiki:body-written'];
export type Step =
  ['share', change: number, killAt: number, answer: WikiAnswer, meanwhile?: Meanwhile | undefined] | [Act, at: number];

/**
 * What Lakeside and people do, in any order.
 *
 * @param options.atOnce - whether people also do it after a page was read and before it is written, or read back
 * @param options.beside - whether people also write into the paragraph of a mark
 */
export function interleaving(
  maxLength: number,
  { atOnce = false, beside = false }: { atOnce?: boolean; beside?: boolean } = {}
): fc.Arbitrary<Step[]> {
  const share = fc.tuple(
    fc.constant('share' as const),
    fc.nat(5),
    fc.nat(12),
    fc.constantFrom<WikiAnswer>('merge', 'overwrite'),
    atOnce
      ? fc.option(
          fc.tuple(
            fc.constantFrom<Act>('before', 'after', 'inside', 'rename'),
            fc.constantFrom<Meanwhile[1]>('wiki:intent-stored', 'wiki:body-written')
          ),
          { nil: undefined }
        )
      : fc.constant(undefined)
  );
  const acts: Act[] = [
    'before',
    'after',
    'inside',
    'rename',
    'delete',
    'restore',
    ...(beside ? ['beside' as const] : [])
  ];
  const act = fc.tuple(fc.constantFrom(...acts), fc.nat(20));
  const step = fc.oneof({ weight: 3, arbitrary: share }, { weight: 4, arbitrary: act });
  return fc.array(step, { maxLength }).map(steps => [['share', 0, 99, 'merge'], ...steps]);
}

/**
 * Plays many interleavings, several side by side: a real wiki lets each of them wait.
 *
 * @param play - is given a name that no other one has
 */
export async function playAll(
  { runs, seed }: { runs: number; seed: number },
  steps: fc.Arbitrary<Step[]>,
  play: (steps: readonly Step[], name: string) => Promise<void>,
  lanes = 4
): Promise<void> {
  let worlds = 0;
  const property = fc.asyncProperty(steps, each => play(each, `world${worlds++}`));
  const numRuns = Math.ceil(runs / lanes);
  await Promise.all(Array.from({ length: lanes }, (_, lane) => fc.assert(property, { numRuns, seed: seed + lane })));
}

/** Does all steps; after each, nothing a person wrote is lost and there is no second page. */
export async function playThrough(wiki: WorldWiki, steps: readonly Step[]): Promise<void> {
  const world = new World(wiki);
  for (const step of steps) {
    if (step[0] === 'share') await world.share(step[1], step[2], step[3], step[4]);
    else await world.person(step[0], step[1]);
    await world.check();
  }
}

/** One notebook, one page, and people who do what they like in between. */
class World {
  private readonly marker = ids.next();
  private record: WikiRecord | undefined;
  private readonly lines = ['a', 'b', 'c', 'd', 'e', 'f'];
  /** What people wrote and nobody threw away on purpose. */
  private readonly outside = new Set<string>();
  private readonly inside = new Set<string>();
  private words = 0;
  /** The page that somebody deleted. */
  private deleted: string | undefined;
  /** What a person does in the middle of this share, once. */
  private meanwhile: Meanwhile | undefined;
  /** Whether the page was renamed in the middle of a share, which some wikis do by copying and deleting it. */
  private isRenamed = false;
  /** The pages as they were looked at last; undefined where something was done since. Real wikis are slow to ask. */
  private seen: WorldPage[] | undefined;

  constructor(private readonly wiki: WorldWiki) {}

  private async publish(answer: WikiAnswer | undefined, killAt: number): Promise<void> {
    const { target, dialect, place } = this.wiki;
    const { begin, end } = regionMarks(dialect, this.marker);
    const region = [begin, ...this.lines.map(line => this.paragraph(line)), end].join('\n');
    let passed = 0;
    await publishToWiki({
      target,
      dialect,
      marker: this.marker,
      place,
      region,
      renderedHash: createHash('sha256').update(region).digest('hex'),
      attachments: [],
      record: this.record,
      answer,
      save: record => {
        this.record = structuredClone(record);
      },
      failPoint: async name => {
        if (this.meanwhile?.[1] === name) {
          const [act] = this.meanwhile;
          this.meanwhile = undefined;
          this.isRenamed ||= act === 'rename';
          await this.person(act, 1);
        }
        if (++passed === killAt) throw new Killed();
      }
    });
  }

  async share(change: number, killAt: number, wanted: WikiAnswer, during?: Meanwhile): Promise<void> {
    this.lines[change % this.lines.length] = `line ${this.words++}`;
    this.seen = undefined;
    this.meanwhile = during;
    this.isRenamed = false;
    let answer: WikiAnswer | undefined;
    let dies = killAt;
    for (let attempt = 0; attempt < 4; attempt++) {
      // Who overwrites saw what was there; not what comes while it is written.
      const seen = [...this.inside];
      try {
        await this.publish(answer, dies);
        if (answer === 'overwrite') for (const word of seen) this.inside.delete(word);
        return;
      } catch (error) {
        if (error instanceof Killed) {
          dies = Infinity;
          // What was decided is asked again by the process that resumes the share.
        } else if (error instanceof WikiConflict) {
          answer = wanted === 'merge' && error.change.mergeable ? 'merge' : 'overwrite';
        } else if (!this.wasRenamed()) {
          expect([this.deleted !== undefined, String(error)]).toEqual([true, expect.any(String)]);
          return;
        }
      }
    }
  }

  /** Whether an error may come from a rename in the middle of the share; that is excused once. */
  private wasRenamed(): boolean {
    const was = this.isRenamed;
    this.isRenamed = false;
    return was;
  }

  async person(what: Act, at: number): Promise<void> {
    const { wiki } = this;
    if (what === 'restore' && this.deleted !== undefined) {
      await wiki.restore(this.deleted);
      this.deleted = this.seen = undefined;
      return;
    }
    const page = (this.seen ?? (await wiki.pages()))[0];
    if (!page || what === 'restore') return;
    this.seen = undefined;
    const word = `person-${this.words++}-wrote`;
    if (what === 'delete') {
      await wiki.remove(page.id);
      this.deleted = page.id;
    } else if (what === 'rename') await wiki.rename(page.id, `Title ${word}`);
    else {
      const deed = { word, act: what, at, marker: this.marker };
      const where = await (wiki.write?.(page, deed) ?? this.write(page, deed));
      if (where !== undefined) this[where].add(word);
    }
  }

  /** Into the source of the page. */
  private async write(
    { id, body }: WorldPage,
    { word, act, at }: WritingDeed
  ): Promise<'inside' | 'outside' | undefined> {
    const text = this.paragraph(word);
    if (act === 'before' || act === 'after') {
      await this.wiki.edit(id, now => (act === 'before' ? `${text}\n\n${now}` : `${now}\n\n${text}`));
      return 'outside';
    }
    const parts = takeApart(body, this.wiki.dialect, this.marker);
    if (typeof parts === 'string') return undefined;
    const lines = parts.region.split('\n');
    lines.splice(1 + (at % (lines.length - 1)), 0, text);
    await this.wiki.edit(id, () => parts.before + lines.join('\n') + parts.after);
    return 'inside';
  }

  private paragraph(text: string): string {
    return this.wiki.dialect === 'confluence' ? `<p>${text}</p>` : text;
  }

  async check(): Promise<void> {
    if (this.seen) return;
    const pages = (this.seen = await this.wiki.pages());
    expect(pages.filter(page => holdsMarker(page.body, this.wiki.dialect, this.marker)).length).toBeLessThanOrEqual(1);
    expect(pages.length).toBeLessThanOrEqual(1);
    const [page] = pages;
    if (!page) return;
    for (const word of [...this.outside, ...this.inside]) expect(page.body).toContain(word);
  }
}
