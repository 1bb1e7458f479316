import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createIds } from '../../../server/ids.js';
import type { ForgeName } from '../../../server/adapters/wiki-git/settings.js';
import type { WikiTarget } from '../../../server/share/wiki/ports.js';
import { publishToWiki, WikiConflict, type WikiAnswer, type WikiRecord } from '../../../server/share/wiki/publish.js';
import { holdsMarker, regionMarks, takeApart } from '../../../server/share/wiki/region.js';
import { dose } from '../../support/dose.js';
import { gitPeople, type GitPeople } from '../../support/wikis/gitPeople.js';
import { startGitWiki, type GitWikiServer } from '../../support/wikis/gitServer.js';
import { gitTarget } from '../../support/wikis/gitTarget.js';

const ids = createIds(systemClock);
class Killed extends Error {}

let server: GitWikiServer;
let people: GitPeople;
const targets = new Map<ForgeName, WikiTarget>();
beforeAll(async () => {
  server = await startGitWiki();
  people = await gitPeople(server);
  for (const forge of ['gitlab', 'gitea', 'github'] as const) targets.set(forge, gitTarget(server, forge));
});
afterAll(async () => {
  await people.close();
  await server.stop();
});

type Deed = 'before' | 'after' | 'inside' | 'rename' | 'delete' | 'restore';

/** One notebook, one page in the real repository, and a person with a clone who does what they like. */
class World {
  private readonly marker = ids.next();
  private record: WikiRecord | undefined;
  private readonly lines = ['a', 'b', 'c', 'd', 'e', 'f'];
  private readonly outside = new Set<string>();
  private readonly inside = new Set<string>();
  private words = 0;
  private isDeleted = false;

  constructor(private readonly target: WikiTarget) {}

  /** Pages of this notebook, as the person's clone has them. */
  private async held(): Promise<[string, string][]> {
    return [...(await people.pages())].filter(([, body]) => holdsMarker(body, 'commonmark', this.marker));
  }

  private async publish(answer: WikiAnswer | undefined, killAt: number, meanwhile: Deed | undefined): Promise<void> {
    const { begin, end } = regionMarks('commonmark', this.marker);
    const region = [begin, ...this.lines, end].join('\n');
    let passed = 0;
    let deed = meanwhile;
    await publishToWiki({
      target: this.target,
      dialect: 'commonmark',
      marker: this.marker,
      place: { title: `Delays ${this.marker}` },
      region,
      renderedHash: createHash('sha256').update(region).digest('hex'),
      attachments: [],
      record: this.record,
      answer,
      save: record => {
        this.record = structuredClone(record);
      },
      failPoint: async name => {
        if (deed !== undefined && name === 'wiki:intent-stored') {
          const what = deed;
          deed = undefined;
          await this.person(what, 1);
        }
        if (++passed === killAt) throw new Killed();
      }
    });
  }

  async share(change: number, killAt: number, wanted: WikiAnswer, during?: Deed): Promise<void> {
    this.lines[change % this.lines.length] = `line ${this.words++}`;
    let answer: WikiAnswer | undefined;
    let [dies, meanwhile] = [killAt, during];
    for (let attempt = 0; attempt < 4; attempt++) {
      // What is overwritten on purpose was seen by who says so; what comes while it is written was not.
      const known = new Set(this.inside);
      try {
        await this.publish(answer, dies, meanwhile);
        if (answer === 'overwrite') for (const word of known) this.inside.delete(word);
        return;
      } catch (error) {
        meanwhile = undefined;
        if (error instanceof Killed) dies = Infinity;
        else if (error instanceof WikiConflict)
          answer = wanted === 'merge' && error.change.mergeable ? 'merge' : 'overwrite';
        else {
          expect([this.isDeleted, error]).toEqual([true, expect.objectContaining({ code: 'target-not-found' })]);
          return;
        }
      }
    }
  }

  async person(what: Deed, at: number): Promise<void> {
    if (what === 'restore') {
      if (this.isDeleted) await people.restore();
      this.isDeleted = false;
      return;
    }
    const [page] = await this.held();
    if (!page) return;
    const word = `person-${this.words++}-wrote`;
    if (what === 'delete') {
      await people.remove(page[0]);
      this.isDeleted = true;
    } else if (what === 'rename') await people.rename(page[0], `Title ${word} ${this.marker}`);
    else if (what === 'inside') {
      this.inside.add(word);
      await people.edit(page[0], body => {
        const parts = takeApart(body, 'commonmark', this.marker);
        if (typeof parts === 'string') throw new Error('The marks are gone.');
        const lines = parts.region.split('\n');
        lines.splice(1 + (at % (lines.length - 1)), 0, word);
        return parts.before + lines.join('\n') + parts.after;
      });
    } else {
      this.outside.add(word);
      await people.edit(page[0], body => (what === 'before' ? `${word}\n\n${body}` : `${body}\n\n${word}\n`));
    }
  }

  async check(): Promise<void> {
    const held = await this.held();
    expect(held).toHaveLength(this.isDeleted ? 0 : 1);
    for (const word of [...this.outside, ...this.inside]) if (held[0]) expect(held[0][1]).toContain(word);
  }
}

it('nothing that a person wrote by another clone is lost, and there is never a second page', async () => {
  const { runs, seed } = dose('conflicts in a git wiki', { ci: 40, full: 500 });
  const deed = fc.constantFrom<Deed>('before', 'after', 'inside', 'rename', 'delete', 'restore');
  const during = fc.option(fc.constantFrom<Deed>('before', 'after', 'inside', 'rename'), { nil: undefined });
  const step = fc.oneof(
    fc.record({
      share: fc.nat(5),
      killAt: fc.oneof(fc.constant(99), fc.nat(8)),
      answer: fc.constantFrom<WikiAnswer>('merge', 'overwrite'),
      during
    }),
    fc.record({ deed, at: fc.nat(20) })
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<ForgeName>('gitlab', 'gitea', 'github'),
      fc.array(step, { minLength: 2, maxLength: 7 }),
      async (forge, steps) => {
        const world = new World(targets.get(forge)!);
        await world.share(0, 99, 'merge');
        for (const each of steps) {
          if ('share' in each) await world.share(each.share, each.killAt, each.answer, each.during);
          else await world.person(each.deed, each.at);
          await world.check();
        }
      }
    ),
    { numRuns: runs, seed, endOnFailure: true }
  );
});
