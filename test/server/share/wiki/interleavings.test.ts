import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMemoryWiki } from '../../../../server/adapters/memory/wiki.js';
import type { WikiDialect } from '../../../../server/share/wiki/ports.js';
import {
  publishToWiki,
  WikiConflict,
  type WikiAnswer,
  type WikiRecord
} from '../../../../server/share/wiki/publish.js';
import { holdsMarker, regionMarks, takeApart } from '../../../../server/share/wiki/region.js';
import { dose } from '../../../support/dose.js';

const MARKER = '01K9ZZZZZZZZZZZZZZZZZZZZZA';

class Killed extends Error {}

/** One notebook, one page, and people who do what they like in between. */
class World {
  private readonly wiki;
  private record: WikiRecord | undefined;
  private lines = ['a', 'b', 'c', 'd', 'e', 'f'];
  /** What people wrote and nobody threw away on purpose. */
  private readonly outside = new Set<string>();
  private readonly inside = new Set<string>();
  private words = 0;
  private deleted = false;

  constructor(private readonly dialect: WikiDialect) {
    this.wiki = createMemoryWiki({ features: { dialect } });
  }

  private get page() {
    return this.wiki.people.pages()[0];
  }

  private async publish(answer: WikiAnswer | undefined, killAt: number): Promise<void> {
    const { begin, end } = regionMarks(this.dialect, MARKER);
    const region = [begin, ...this.lines, end].join('\n');
    let passed = 0;
    await publishToWiki({
      target: this.wiki.target,
      dialect: this.dialect,
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
          expect(this.deleted).toBe(true);
          return;
        }
      }
    }
  }

  person(what: 'before' | 'after' | 'inside' | 'rename' | 'delete' | 'restore', at: number): void {
    const { page } = this;
    if (what === 'restore' && this.deleted && this.record) {
      this.wiki.people.restore(this.record.pageId);
      this.deleted = false;
      return;
    }
    if (!page) return;
    const word = `person-${this.words++}-wrote`;
    if (what === 'delete') {
      this.wiki.people.remove(page.id);
      this.deleted = true;
    } else if (what === 'rename') this.wiki.people.rename(page.id, `Title ${word}`);
    else if (what === 'inside') {
      const parts = takeApart(page.body, this.dialect, MARKER);
      if (typeof parts === 'string') return;
      const lines = parts.region.split('\n');
      lines.splice(1 + (at % (lines.length - 1)), 0, word);
      this.inside.add(word);
      this.wiki.people.edit(page.id, () => parts.before + lines.join('\n') + parts.after);
    } else {
      this.outside.add(word);
      this.wiki.people.edit(page.id, body => (what === 'before' ? `${word}\n\n${body}` : `${body}\n\n${word}`));
    }
  }

  check(): void {
    const pages = this.wiki.people.pages().filter(page => holdsMarker(page.body, this.dialect, MARKER));
    expect(pages.length).toBeLessThanOrEqual(1);
    expect(this.wiki.people.pages().length).toBeLessThanOrEqual(1);
    if (!this.page) return;
    for (const word of [...this.outside, ...this.inside]) expect(this.page.body).toContain(word);
  }
}

it('nothing a person wrote is lost, and there is never a second page', async () => {
  const { runs, seed } = dose('conflicts', { ci: 500, full: 5000 });
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
    {
      weight: 4,
      arbitrary: fc.tuple(
        fc.constantFrom(
          'before' as const,
          'after' as const,
          'inside' as const,
          'rename' as const,
          'delete' as const,
          'restore' as const
        ),
        fc.nat(20)
      )
    }
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<WikiDialect>('mediawiki', 'commonmark', 'dokuwiki', 'confluence'),
      fc.array(step, { maxLength: 25 }),
      async (dialect, steps) => {
        const world = new World(dialect);
        for (const given of [['share', 0, 99, 'merge'] as const, ...steps]) {
          if (given[0] === 'share') await world.share(given[1], given[2], given[3]);
          else world.person(given[0], given[1]);
          world.check();
        }
      }
    ),
    { numRuns: runs, seed }
  );
});
