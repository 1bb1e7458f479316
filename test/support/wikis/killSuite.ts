import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WikiDialect } from '../../../server/share/wiki/ports.js';
import { dose, fullDose } from '../dose.js';
import { buildPrograms } from '../fault/processes.js';
import { randomNumbers } from '../largeNotebooks.js';
import { HOUR } from './interleavings.js';
import { commandLine, sidecars, type KilledShares } from './killedShares.js';

/** A page of a wiki as it is now. */
export interface KillPage {
  id: string;
  /** Its title, or what the wiki makes of it: an address, a file. */
  name: string;
  body: string;
}

/** A wiki to which processes share that are killed. */
export interface KillFixture {
  /** Lines of the wiki in the configuration file, `kind` first. */
  settings: string[];
  /** The password or token, and what the settings call it. */
  password: string;
  key?: 'password' | 'token';
  /** All pages of the wiki. */
  pages(): Promise<KillPage[]>;
  edit(pageId: string, change: (body: string) => string): Promise<void>;
  /** The bytes of an attachment, which the text of a page names. */
  file(pageId: string, name: string): Promise<Uint8Array | undefined>;
  stop(): Promise<void>;
}

/** Every point that the code of a share to a wiki names, read from the code, so that none is forgotten. */
const points = [
  ...new Set(
    globSync('server/share/{publish,wiki}/**/*.ts').flatMap(file =>
      [...readFileSync(file, 'utf8').matchAll(/failPoint\('(wiki:[\w-]+)'\)/g)].map(match => match[1] ?? '')
    )
  )
];

/** The first mark of Lakeside's part of a page, in any dialect. */
const MARK = /lakeside[:-]begin[ :-](\w{26})/g;

interface Kill {
  /** Whether the notebook has no page yet. */
  isFirst: boolean;
  /** Who dies: the command, or the sidecar, whose successor goes on by itself. */
  who: 'command' | 'sidecar';
  /** Where it is killed; else after which part of the time a share takes. */
  point: string | undefined;
  after: number;
  /** What a person does before the share goes on. */
  person: 'around' | 'inside';
}

/**
 * A share to a wiki by a real process, killed by `SIGKILL` at each of its steps and at random: the next share goes on to
 * one page with the right content, what a person wrote meanwhile stays, and no job is left under way.
 *
 * @param options.unreached - points that shares to this wiki never come to
 * @param options.half - at the dose of CI every other point, the first or the second of two: for wikis that go in pairs
 */
export function wikiKillSuite(
  name: string,
  dialect: WikiDialect,
  start: () => Promise<KillFixture>,
  { unreached = [], half }: { unreached?: readonly string[]; half?: 0 | 1 } = {}
): void {
  let wiki: KillFixture;
  let built: Awaited<ReturnType<typeof buildPrograms>>;
  let pagesMade = 0;
  beforeAll(async () => {
    built = await buildPrograms();
    wiki = await start();
  }, HOUR);
  afterAll(async () => {
    await wiki.stop();
    built.remove();
  });

  const { runs, seed } = dose(`${name}: shares killed at random`, { ci: 2, full: 50 });
  const random = randomNumbers(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const draw = (point: string | undefined): Kill => ({
    isFirst: point === 'wiki:page-created' || random() < 0.5,
    who: pick(['command', 'sidecar']),
    point,
    after: 0.2 + 0.9 * random(),
    person: point === undefined && random() < 0.5 ? 'inside' : 'around'
  });
  const reached = points.filter(point => !unreached.includes(point));
  const labelled = fullDose
    ? reached.flatMap(point =>
        (['command', 'sidecar'] as const).flatMap(who =>
          [true, false]
            .filter(isFirst => isFirst || point !== 'wiki:page-created')
            .map(isFirst => ({ ...draw(point), who, isFirst }))
        )
      )
    : reached.filter((_, at) => half === undefined || at % 2 === half).map(draw);
  const drawn = Array.from({ length: runs }, () => draw(undefined));

  test('there are enough points', () => {
    expect(points.length).toBeGreaterThanOrEqual(12);
    expect(points).toEqual(expect.arrayContaining([...unreached]));
  });

  test(`${name}: ${labelled.length} shares killed at each labelled step`, { timeout: HOUR }, async () => {
    const survivors = await runAll(labelled);
    expect(survivors).toEqual([]);
    await checkAll();
  });

  test(`${name}: ${drawn.length} shares killed at random times`, { timeout: HOUR }, async () => {
    const survivors = await runAll(drawn);
    console.log(`${drawn.length - survivors.length} of ${drawn.length} were killed before they ended`);
    await checkAll();
  });

  /** Does all, two at a time. @returns those that ended before they were killed */
  async function runAll(kills: readonly Kill[]): Promise<Kill[]> {
    const survivors: Kill[] = [];
    const line = kills.entries();
    async function work(): Promise<void> {
      for (const [at, kill] of line) {
        try {
          if (!(await run(kill, `kill${pagesMade++}q${seed}`))) survivors.push(kill);
        } catch (error) {
          throw new Error(`${JSON.stringify(kill)} (${at}, start value ${seed}): ${String(error)}`, { cause: error });
        }
      }
    }
    await Promise.all([work(), work()]);
    return survivors;
  }

  /** @returns whether the process was killed before the share had ended */
  async function run(kill: Kill, id: string): Promise<boolean> {
    const shares: KilledShares = (kill.who === 'command' ? commandLine : sidecars)(wiki, built.programs, id);
    try {
      let took = 2500;
      if (!kill.isFirst) {
        const began = performance.now();
        expect((await shares.share()).outcome).toBe('created');
        took = performance.now() - began;
        await write((await mustPage(id)).id, `old-${id}`, 'around');
        shares.change();
      }
      const wasKilled = await shares.shareAndDie(kill.point, kill.after * took);

      const page = await pageOf(id);
      const words = `new-${id}`;
      const isIn = page && (await write(page.id, words, kill.person));
      const outcome = await goOn(shares, isIn === 'inside' ? id : undefined);
      const now = await mustPage(id);
      expect(now.body).toContain(shares.text());
      if (!kill.isFirst) expect(now.body).not.toContain(`first text of ${id}`);
      expect(now.body).not.toContain('Lakeside is writing this page');
      for (const bytes of shares.figures()) await expectFigure(now, bytes);
      if (!kill.isFirst) for (const where of ['before', 'after']) expect(now.body).toContain(`old-${id}-${where}`);
      if (isIn === 'around') for (const where of ['before', 'after']) expect(now.body).toContain(`${words}-${where}`);
      if (isIn === 'inside' && outcome !== 'overwritten') expect(now.body).toContain(`${words}-inside`);

      expect(await shares.share()).toMatchObject({ outcome: 'unchanged', uploads: 0, edits: 0 });
      expect((await mustPage(id)).body).toBe(now.body);
      await shares.expectNothingLeft();
      return wasKilled;
    } finally {
      await shares.close();
    }
  }

  /** Shares until it is done; a change inside is asked about, and nothing of it is lost before the answer. */
  async function goOn(shares: KilledShares, id: string | undefined): Promise<'done' | 'overwritten'> {
    const first = await shares.goOn();
    if (first !== 'conflict') return 'done';
    expect(id, 'there was a conflict and nobody had written inside').toBeDefined();
    expect((await mustPage(id ?? '')).body).toContain(`new-${id ?? ''}-inside`);
    if ((await shares.answer('merge')) !== 'conflict') return 'done';
    expect(await shares.answer('overwrite')).not.toBe('conflict');
    return 'overwritten';
  }

  /** The page of a run; there is never a second one. */
  async function pageOf(id: string): Promise<KillPage | undefined> {
    const pages = (await wiki.pages()).filter(({ name: title, body }) =>
      [title, body].some(text => text.toLowerCase().includes(id))
    );
    expect(pages.length, `pages of ${id}: ${pages.map(page => page.name).join(', ')}`).toBeLessThanOrEqual(1);
    return pages[0];
  }

  async function mustPage(id: string): Promise<KillPage> {
    const page = await pageOf(id);
    if (page) return page;
    throw new Error(`There is no page of ${id}.`);
  }

  /** What a person writes: above and below Lakeside's part, or into it where it is whole. */
  async function write(pageId: string, words: string, where: Kill['person']): Promise<'around' | 'inside'> {
    const paragraph = (text: string): string => (dialect === 'confluence' ? `<p>${text}</p>` : text);
    let did: 'around' | 'inside' = 'around';
    await wiki.edit(pageId, body => {
      const heading = /^.*\bText\b.*$/m.exec(body);
      if (where === 'inside' && heading) {
        did = 'inside';
        const end = heading.index + heading[0].length;
        return `${body.slice(0, end)}\n\n${paragraph(`${words}-inside`)}${body.slice(end)}`;
      }
      return `${paragraph(`${words}-before`)}\n\n${body}\n\n${paragraph(`${words}-after`)}`;
    });
    return did;
  }

  async function expectFigure(page: KillPage, bytes: Buffer): Promise<void> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const figure = `nb-${sha256.slice(0, 16)}.png`;
    expect(page.body.toLowerCase()).toContain(figure);
    const held = await wiki.file(page.id, figure);
    expect(held && createHash('sha256').update(held).digest('hex'), `the figure ${figure}`).toBe(sha256);
  }

  /** All pages of Lakeside in the wiki: as many as notebooks, none of them half. */
  async function checkAll(): Promise<void> {
    const pages = (await wiki.pages()).filter(({ body }) => body.search(MARK) >= 0);
    expect(pages.length).toBe(pagesMade);
    const markers = pages.map(({ body }) => new Set([...body.matchAll(MARK)].map(([, marker]) => marker)));
    expect(markers.filter(({ size }) => size !== 1)).toEqual([]);
    expect(new Set(markers.flatMap(each => [...each])).size).toBe(pagesMade);
  }
}
