import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProblemError } from '../../contract/problem.js';
import { createIds } from '../../server/ids.js';
import { regionMarks } from '../../server/share/wiki/region.js';
import type { WikiAttachment, WikiFeatures, WikiPage, WikiTarget } from '../../server/share/wiki/ports.js';

/** A wiki for the suite: the target, and what a person does in the same wiki by other means. */
export interface WikiFixture {
  target: WikiTarget;
  /** A second client of the same wiki, as another process would have. */
  other: WikiTarget;
  edit(pageId: string, change: (body: string) => string): Promise<void>;
  /** @returns the id that the page has now: in some wikis the name is the id */
  rename(pageId: string, title: string): Promise<string>;
  remove(pageId: string): Promise<void>;
  /** Brings back what was removed. */
  restore(page: WikiPage): Promise<void>;
  /** A page of that person's own. */
  add(title: string, body: string): Promise<void>;
  /** The bytes of an attachment as a reader gets them. */
  file(pageId: string, name: string): Promise<Uint8Array | undefined>;
  dispose(): Promise<void>;
}

/** A PNG of one pixel, so that wikis which look into files take it. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64'
);

const ids = createIds({ now: () => Date.now(), monotonic: () => performance.now(), sleep: async () => undefined });
const word = (): string => randomBytes(5).toString('hex');
const paragraphs = (...names: string[]): string => names.map(name => `Paragraph ${name}.`).join('\n\n');

/** What every wiki target must do, whatever wiki it speaks to. */
export function wikiTargetSuite(name: string, make: () => Promise<WikiFixture>): void {
  describe(`wiki target: ${name}`, () => {
    let wiki: WikiFixture;
    let target: WikiTarget;
    let features: WikiFeatures;
    let folder: string;

    beforeAll(async () => {
      wiki = await make();
      target = wiki.target;
      ({ features } = await target.check());
      folder = await mkdtemp(join(tmpdir(), 'lakeside-wiki-suite-'));
    });
    afterAll(async () => {
      await wiki.dispose();
      await rm(folder, { recursive: true, force: true });
    });

    function bodyOf(marker: string, text = 'Managed text.'): string {
      const { begin, end } = regionMarks(features.dialect, marker);
      return `${begin}\n${inDialect(text)}\n${end}`;
    }
    const inDialect = (text: string): string =>
      features.dialect === 'confluence'
        ? text
            .split('\n\n')
            .map(part => `<p>${part}</p>`)
            .join('\n')
        : text;

    async function made(text?: string): Promise<{ page: WikiPage; marker: string }> {
      const marker = ids.next();
      const page = await target.create({ title: `Suite ${word()}`, body: bodyOf(marker, text), summary: 'Suite' });
      return { page, marker };
    }

    /** A picture of its own bytes: what follows the end of a PNG is no part of the picture. */
    async function attachment(): Promise<WikiAttachment> {
      const bytes = Buffer.concat([PIXEL, randomBytes(12)]);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const file = join(folder, sha256);
      await writeFile(file, bytes);
      return { name: `nb-${sha256.slice(0, 16)}.png`, type: 'image/png', sha256, size: bytes.length, file };
    }

    async function code(promise: Promise<unknown>): Promise<string> {
      return promise.then(
        () => 'done',
        (error: unknown) => (error as ProblemError).code
      );
    }

    it('says what it can do and lacks nothing', async () => {
      const standing = await target.check();
      expect(standing.lacks).toEqual([]);
      expect(standing.account).not.toBe('');
      expect(standing.software).not.toBe('');
      expect(standing.features.maxBodyBytes).toBeGreaterThan(10_000);
      expect(standing.features.pictures).toContain('image/png');
    });

    it('makes a page and reads it back as it was written', async () => {
      const { page } = await made('Grüße, 中文, 🙂, "quotes" and a \\ backslash.');
      const read = await target.read(page.id);
      expect(read).toMatchObject({ id: page.id, title: page.title, version: page.version, url: page.url });
      expect(read?.body.trimEnd()).toBe(page.body.trimEnd());
      expect(page.body).toContain('Grüße, 中文, 🙂');
      expect(page.url).toMatch(/^https?:\/\//);
      expect((await wiki.other.read(page.id))?.version).toBe(page.version);
    });

    it('makes a page where it says that pages go by themselves', async () => {
      const { page } = await made();
      const { home = { id: page.space } } = await target.check();
      expect(page.space).toBe(home.id);
      if (features.spaces) expect((await target.spaces('')).map(({ id }) => id)).toContain(home.id);
    });

    it('never makes a second page of one title, nor touches the first', async () => {
      const title = `Taken ${word()}`;
      await wiki.add(title, inDialect('Mine.'));
      const attempt = target.create({ title, body: bodyOf(ids.next()), summary: 'Suite' });
      await expect(attempt).rejects.toMatchObject({ code: 'target-conflict', errors: [{ field: 'title' }] });
    });

    it('takes any title a person may give', async () => {
      for (const raw of [
        'a#b|c [d] {e} <f>',
        '/x/../y',
        ':::',
        '中文标题 🙂',
        `quote's "and" & % ? _ ${'long '.repeat(38)}`
      ]) {
        const marker = ids.next();
        const page = await target.create({ title: `${raw} ${word()}`, body: bodyOf(marker), summary: 'Suite' });
        expect((await target.read(page.id))?.title).toBe(page.title);
        expect(page.title.length).toBeGreaterThan(3);
      }
    });

    it('finds a page by its marker: at once with a hint, renamed, and in time without one', async () => {
      const { page, marker } = await made();
      const idsOf = async (hint: Parameters<WikiTarget['find']>[1]): Promise<string[]> =>
        (await target.find(marker, hint)).map(each => each.id);
      expect(await idsOf({ title: page.title, space: page.space })).toEqual([page.id]);
      expect(await idsOf({ pageId: page.id })).toEqual([page.id]);
      const now = await wiki.rename(page.id, `Renamed ${word()}`);
      expect(await idsOf({ pageId: page.id, title: page.title, space: page.space })).toEqual([now]);
      await expect.poll(() => idsOf({}), { timeout: 20_000, interval: 300 }).toEqual([now]);
    });

    it('does not take a page of the same title or id for it that has no marker', async () => {
      const title = `Other ${word()}`;
      await wiki.add(title, inDialect('Nothing of Lakeside.'));
      expect(await target.find(ids.next(), { title })).toEqual([]);
      const { page } = await made();
      expect(await target.find(ids.next(), { pageId: page.id, title: page.title })).toEqual([]);
    });

    it('does not find a deleted page, and finds it again when it is restored', async () => {
      const { page, marker } = await made();
      await wiki.remove(page.id);
      expect(await target.read(page.id)).toBeUndefined();
      expect(await target.find(marker, { pageId: page.id, title: page.title })).toEqual([]);
      await wiki.restore(page);
      const found = await target.find(marker, { pageId: page.id, title: page.title, space: page.space });
      expect(found.map(each => each.title)).toEqual([page.title]);
    });

    it('writes on the version it was told, and gives the new one', async () => {
      const { page, marker } = await made();
      const body = bodyOf(marker, 'Second text.');
      const next = await target.write(page.id, { base: page.version, body, summary: 'Suite' });
      expect(next.version).not.toBe(page.version);
      expect(next.body).toContain('Second text.');
      expect(await target.read(page.id)).toMatchObject({ version: next.version, body: next.body });
    });

    it('refuses to write over what somebody wrote in the same place', async () => {
      const { page, marker } = await made('One line.');
      await wiki.edit(page.id, body => body.replace('One line.', 'A line of a person.'));
      const attempt = target.write(page.id, {
        base: page.version,
        body: bodyOf(marker, 'Another line.'),
        summary: 'Suite'
      });
      await expect(attempt).rejects.toMatchObject({ code: 'target-conflict' });
      expect((await target.read(page.id))?.body).toContain('A line of a person.');
    });

    it('loses nothing that somebody wrote in another place meanwhile', async () => {
      const { page } = await made(paragraphs('one', 'two', 'three', 'four', 'five'));
      await wiki.edit(page.id, body => body.replace('Paragraph one.', 'Paragraph one, by a person.'));
      const body = page.body.replace('Paragraph five.', 'Paragraph five, by Lakeside.');
      const outcome = await code(target.write(page.id, { base: page.version, body, summary: 'Suite' }));
      const now = (await target.read(page.id))?.body;
      expect(now).toContain('Paragraph one, by a person.');
      if (outcome === 'done') expect(features.compareAndSet).toBe('merging');
      else expect(outcome).toBe('target-conflict');
      expect(now?.includes('Paragraph five, by Lakeside.')).toBe(outcome === 'done');
    });

    it('has one winner among writers at once, or keeps what each winner wrote', async () => {
      const { page, marker } = await made('Start.');
      const writers = [target, wiki.other, target, wiki.other];
      const outcomes = await Promise.all(
        writers.map((each, at) =>
          code(each.write(page.id, { base: page.version, body: bodyOf(marker, `Writer ${at}.`), summary: 'Suite' }))
        )
      );
      const now = (await target.read(page.id))?.body ?? '';
      const winners = outcomes.flatMap((outcome, at) => (outcome === 'done' ? [at] : []));
      for (const outcome of outcomes) expect(['done', 'target-conflict']).toContain(outcome);
      expect(winners.length).toBeGreaterThan(0);
      if (features.compareAndSet !== 'checked') for (const at of winners) expect(now).toContain(`Writer ${at}.`);
    });

    it('says that a page is gone instead of making it anew', async () => {
      const { page, marker } = await made();
      await wiki.remove(page.id);
      const attempt = target.write(page.id, { base: page.version, body: bodyOf(marker, 'Again.'), summary: 'Suite' });
      await expect(attempt).rejects.toMatchObject({ code: 'target-not-found' });
      expect(await target.read(page.id)).toBeUndefined();
    });

    it('refuses a page that is larger than it says it takes, and keeps the old one', async () => {
      const { page, marker } = await made();
      const body = bodyOf(marker, 'x '.repeat(features.maxBodyBytes / 2));
      const attempt = target.write(page.id, { base: page.version, body, summary: 'Suite' });
      await expect(attempt).rejects.toMatchObject({ code: 'target-too-large' });
      expect((await target.read(page.id))?.version).toBe(page.version);
    });

    it('stores attachments once, with their bytes', async () => {
      const { page } = await made();
      const [one, two] = [await attachment(), await attachment()];
      expect(await target.missing(page.id, [one, two])).toEqual([one, two]);
      await target.upload(page.id, one);
      expect(await target.missing(page.id, [one, two])).toEqual([two]);
      await target.upload(page.id, one);
      await wiki.other.upload(page.id, two);
      expect(await target.missing(page.id, [one, two])).toEqual([]);
      for (const each of [one, two]) {
        const bytes = await wiki.file(page.id, each.name);
        expect(bytes && createHash('sha256').update(bytes).digest('hex')).toBe(each.sha256);
      }
      const { page: second } = await made();
      expect(await target.missing(second.id, [one])).toEqual(features.attachments === 'wiki' ? [] : [one]);
    });

    it('takes text and attachments together or not at all, where it says that it can', async () => {
      if (!target.writeWith) return;
      const { page, marker } = await made();
      const [one, two] = [await attachment(), await attachment()];
      const change = { base: page.version, body: bodyOf(marker, 'With a figure.'), summary: 'Suite' };
      const next = await target.writeWith(page.id, { ...change, attachments: [one] });
      expect(next.body).toContain('With a figure.');
      expect(await target.missing(page.id, [one, two])).toEqual([two]);
      await wiki.edit(page.id, body => body.replace('With a figure.', 'By a person.'));
      const late = { ...change, base: next.version, body: bodyOf(marker, 'Too late.'), attachments: [two] };
      await expect(target.writeWith(page.id, late)).rejects.toMatchObject({ code: 'target-conflict' });
      expect((await target.read(page.id))?.body).toContain('By a person.');
      expect(await target.missing(page.id, [one, two])).toEqual([two]);
    });

    it('looks for many attachments at once', async () => {
      const { page } = await made();
      const one = await attachment();
      await target.upload(page.id, one);
      const many = Array.from({ length: 120 }, (_, at) => ({
        ...one,
        name: `nb-none${at}.png`,
        sha256: `${at}`.padStart(64, '0')
      }));
      expect(await target.missing(page.id, [...many, one])).toEqual(many);
    });

    it('lists spaces, and pages below which others can go', async () => {
      const { page } = await made();
      const spaces = await target.spaces('');
      expect(spaces.length > 0).toBe(features.spaces);
      if (!features.parents) return;
      const found = async (): Promise<string[]> => (await target.parents(page.title, {})).map(each => each.id);
      await expect.poll(found, { timeout: 20_000, interval: 300 }).toContain(page.id);
      const marker = ids.next();
      const below = await target.create({
        title: `Below ${word()}`,
        parent: page.id,
        body: bodyOf(marker),
        summary: 'Suite'
      });
      expect((await target.read(below.id))?.body).toContain(marker);
    });

    it('stops when it is asked to, before it writes', async () => {
      const { page, marker } = await made();
      const signal = AbortSignal.abort();
      const change = { base: page.version, body: bodyOf(marker, 'Cancelled.'), summary: 'Suite' };
      expect(await code(target.write(page.id, change, { signal }))).toBe('cancelled');
      await sleep(50);
      expect((await target.read(page.id))?.version).toBe(page.version);
    });
  });
}
