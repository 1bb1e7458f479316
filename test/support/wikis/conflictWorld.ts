import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { WikiDialect, WikiTarget } from '../../../server/share/wiki/ports.js';
import { publishToWiki, WikiConflict, type WikiAnswer, type WikiRecord } from '../../../server/share/wiki/publish.js';
import { regionMarks } from '../../../server/share/wiki/region.js';

/** What people do between two shares. `beside`: into the paragraph of a mark, where a wiki has such ones. */
const DEEDS = ['before', 'after', 'inside', 'beside', 'rename', 'delete', 'restore'] as const;
export type Deed = (typeof DEEDS)[number];

/** A wiki with one page to be, and what people can do to it. */
export interface ConflictSite {
  target: WikiTarget;
  dialect: WikiDialect;
  /** The pages that are there, but for those that were there before. */
  pages(): { id: string; body: string }[];
  /** Writes a word to a place of a page. @returns whether it stands in the part that Lakeside writes; undefined for nothing done */
  write(page: { id: string; body: string }, word: string, deed: Deed, at: number): 'inside' | 'outside' | undefined;
  rename(pageId: string, title: string): void;
  remove(pageId: string): void;
  restore(pageId: string): void;
  close?(): Promise<void>;
}

export const MARKER = '01K9ZZZZZZZZZZZZZZZZZZZZZA';

class Killed extends Error {}

/** One notebook, one page, and people who do what they like in between. */
class World {
  private record: WikiRecord | undefined;
  private lines = ['a', 'b', 'c', 'd', 'e', 'f'];
  /** What people wrote and nobody threw away on purpose. */
  private readonly outside = new Set<string>();
  private readonly inside = new Set<string>();
  private words = 0;
  private deleted = false;

  constructor(private readonly site: ConflictSite) {}

  private async publish(answer: WikiAnswer | undefined, killAt: number): Promise<void> {
    const { dialect, target } = this.site;
    const { begin, end } = regionMarks(dialect, MARKER);
    const lines = this.lines.map(line => (dialect === 'confluence' ? `<p>${line}</p>` : line));
    const region = [begin, ...lines, end].join('\n');
    let passed = 0;
    await publishToWiki({
      target,
      dialect,
      marker: MARKER,
      place: { title: 'Delays' },
      region,
      renderedHash: createHash('sha256').update(region).digest('hex'),
      attachments: [],
      record: this.record,
      answer,
      save: record => {
        this.record = structuredClone(record);
      },
      failPoint: () => {
        if (++passed === killAt) throw new Killed();
      }
    });
  }

  async share(change: number, killAt: number, wanted: WikiAnswer): Promise<void> {
    this.lines[change % this.lines.length] = `line ${this.words++}`;
    let answer: WikiAnswer | undefined;
    let dies = killAt;
    for (let attempt = 0; attempt < 4; attempt++) {
      try {
        await this.publish(answer, dies);
        if (answer === 'overwrite') this.inside.clear();
        return;
      } catch (error) {
        if (error instanceof Killed) {
          dies = Infinity;
          // What was decided is asked again by the process that resumes the share.
        } else if (error instanceof WikiConflict) {
          answer = wanted === 'merge' && error.change.mergeable ? 'merge' : 'overwrite';
        } else {
          expect(this.deleted, String(error)).toBe(true);
          return;
        }
      }
    }
  }

  person(deed: Deed, at: number): void {
    const [page] = this.site.pages();
    if (deed === 'restore' && this.deleted && this.record) {
      this.site.restore(this.record.pageId);
      this.deleted = false;
      return;
    }
    if (!page) return;
    const word = `person-${this.words++}-wrote`;
    if (deed === 'delete') {
      this.site.remove(page.id);
      this.deleted = true;
    } else if (deed === 'rename') this.site.rename(page.id, `Title ${word}`);
    else if (deed !== 'restore') {
      const where = this.site.write(page, word, deed, at);
      if (where !== undefined) this[where].add(word);
    }
  }

  check(): void {
    const pages = this.site.pages();
    expect(pages.length).toBeLessThanOrEqual(1);
    const [page] = pages;
    if (!page) return;
    for (const word of [...this.outside, ...this.inside]) expect(page.body).toContain(word);
  }
}

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(
      fc.constant('share' as const),
      fc.nat(5),
      fc.nat(12),
      fc.constantFrom<WikiAnswer>('merge', 'overwrite')
    )
  },
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...DEEDS), fc.nat(20)) }
);

/** Shares, kills and people's deeds in any order: nothing a person wrote is lost, and there is never a second page. */
export async function assertNothingLost(
  makers: readonly (() => ConflictSite | Promise<ConflictSite>)[],
  { runs, seed }: { runs: number; seed: number }
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...makers), fc.array(step, { maxLength: 25 }), async (make, steps) => {
      const site = await make();
      try {
        const world = new World(site);
        for (const given of [['share', 0, 99, 'merge'] as const, ...steps]) {
          if (given[0] === 'share') await world.share(given[1], given[2], given[3]);
          else world.person(given[0], given[1]);
          world.check();
        }
      } finally {
        await site.close?.();
      }
    }),
    { numRuns: runs, seed }
  );
}
