import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIds } from '../../../server/ids.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { regionMarks } from '../../../server/share/wiki/region.js';
import type { WikiTarget } from '../../../server/share/wiki/ports.js';
import { startConfluenceTwin, type ConfluenceTwin } from '../../support/confluenceTwin/index.js';
import { EDITIONS, targetOf } from '../../support/confluenceTwin/targets.js';
import { wikiTargetSuite } from '../../support/wikiTargetSuite.js';

const ids = createIds(systemClock);

for (const [edition, name] of EDITIONS)
  wikiTargetSuite(name, async () => {
    const twin = await startConfluenceTwin(edition);
    const { people } = twin;
    return {
      target: targetOf(twin),
      other: targetOf(twin),
      edit: async (pageId, change) => people.edit(pageId, change),
      rename: async (pageId, title) => {
        people.rename(pageId, title);
        return pageId;
      },
      remove: async pageId => people.remove(pageId),
      restore: async page => people.restore(page.id),
      add: async (title, body) => void people.add(title, body),
      file: async (pageId, file) => people.file(pageId, file),
      dispose: () => twin.close()
    };
  });

describe.each(EDITIONS)('%s, as a twin', edition => {
  let twin: ConfluenceTwin;
  let target: WikiTarget;
  beforeAll(async () => {
    twin = await startConfluenceTwin(edition);
    target = targetOf(twin);
  });
  afterAll(() => twin.close());

  const bodyOf = (marker: string, text = 'Text.'): string => {
    const { begin, end } = regionMarks('confluence', marker);
    return `${begin}\n<p>${text}</p>\n${end}`;
  };
  const page = async (more: { space?: string; parent?: string } = {}) => {
    const marker = ids.next();
    return {
      marker,
      page: await target.create({ title: `Page ${marker}`, body: bodyOf(marker), summary: 'Test', ...more })
    };
  };

  it('says what it is', async () => {
    const standing = await target.check();
    expect(standing).toMatchObject({ account: 'Lakeside', lacks: [] });
    expect(standing.software).toMatch(edition === 'cloud' ? /^Confluence Cloud$/ : /^Confluence Data Center 9\.2/);
    expect(standing.features).toMatchObject({ maths: 'source', compareAndSet: 'exact', attachments: 'page' });
  });

  it('names the cure for a token that is not accepted, and for a space that is not seen', async () => {
    await expect(targetOf(twin, { token: 'wrong' }).check()).rejects.toMatchObject({
      code: 'target-signin',
      message: expect.stringMatching(/new .*token/)
    });
    expect((await targetOf(twin, { space: 'NONE' }).check()).lacks).toEqual([
      expect.stringContaining('sees no space NONE')
    ]);
  });

  it('puts pages where the configuration says, and else below the top of the space', async () => {
    const { page: made } = await page();
    expect(twin.people.page(made.id).parent).toBe(twin.people.page(made.id).space.homepage);
    const parent = twin.people.add('Notebooks', '<p>All of them.</p>');
    const below = await targetOf(twin, { parent: 'Notebooks' }).create({
      title: `Below ${ids.next()}`,
      body: bodyOf(ids.next()),
      summary: 'Test'
    });
    expect(twin.people.page(below.id).parent).toBe(parent.id);
    const attempt = targetOf(twin, { parent: 'Nowhere' }).create({ title: 'X', body: bodyOf(ids.next()), summary: '' });
    await expect(attempt).rejects.toMatchObject({ code: 'target-not-found', message: /"Nowhere" in the space DATA/ });
    const { page: other } = await page({ space: 'LAB' });
    expect(other.space).toBe('LAB');
  });

  it('finds a page that was moved to another space and renamed, by its label', async () => {
    const { page: made, marker } = await page();
    expect([...twin.people.page(made.id).labels]).toEqual([`lakeside-${marker.toLowerCase()}`]);
    twin.people.move(made.id, 'LAB');
    twin.people.rename(made.id, `Renamed ${marker}`);
    await expect
      .poll(async () => (await target.find(marker, {})).map(each => each.space), { timeout: 10_000 })
      .toEqual(['LAB']);
  });

  it('gives a page its label again when somebody took it', async () => {
    const { page: made, marker } = await page();
    twin.people.page(made.id).labels.clear();
    await target.write(made.id, { base: made.version, body: bodyOf(marker, 'Other.'), summary: 'Test' });
    expect(twin.people.page(made.id).labels.size).toBe(1);
  });

  it('finds a copy too, so that nobody writes to the wrong page', async () => {
    const { page: made, marker } = await page();
    const copy = twin.people.copy(made.id, `Copy of ${made.title}`);
    await expect
      .poll(async () => (await target.find(marker, {})).map(each => each.id).sort(), { timeout: 10_000 })
      .toEqual([made.id, copy.id].sort());
  });

  it('tries again where Confluence is still busy with the version before, and not where a person wrote', async () => {
    const { page: made, marker } = await page();
    twin.stumble(1);
    const next = await target.write(made.id, { base: made.version, body: bodyOf(marker, 'Second.'), summary: 'Test' });
    expect(next.version).toBe('2');
    twin.people.edit(made.id, body => `<p>Hello.</p>${body}`);
    const before = twin.requests.filter(each => each.startsWith('PUT')).length;
    const attempt = target.write(made.id, { base: next.version, body: bodyOf(marker, 'Third.'), summary: 'Test' });
    await expect(attempt).rejects.toMatchObject({ code: 'target-conflict', message: /Somebody edited/ });
    expect(twin.requests.filter(each => each.startsWith('PUT')).length).toBe(before);
  });

  it('says who wrote last', async () => {
    const { page: made } = await page();
    twin.people.edit(made.id, body => `<p>By Ada.</p>${body}`);
    expect(await target.read(made.id)).toMatchObject({ editor: 'Ada', version: '2' });
  });

  it('waits as long as a limit of rates asks for', async () => {
    twin.limit(1, 1);
    expect((await target.check()).account).toBe('Lakeside');
    twin.limit(100, 3600);
    await expect(target.check()).rejects.toMatchObject({ code: 'target-busy', retryAfter: 3600 });
    twin.limit(0, undefined);
  });

  it('reads long lists to their end, however few entries come at once', async () => {
    const { page: made } = await page();
    const held = twin.people.page(made.id);
    for (let at = 0; at < 60; at++) twin.store.attach(held, `nb-${at}.png`, new Uint8Array([at]), '');
    const sha256 = 'a'.repeat(64);
    const comment = sha256.match(/.{16}/g)!.join(' ');
    twin.store.attach(held, 'nb-last.png', new Uint8Array([1, 2]), `A figure of a notebook, from Lakeside. ${comment}`);
    const last = { name: 'nb-last.png', type: 'image/png' as const, sha256, size: 2, file: '' };
    expect(await target.missing(made.id, [last, { ...last, name: 'nb-none.png' }])).toMatchObject([
      { name: 'nb-none.png' }
    ]);
    // One that a person put there under the same name is another one.
    expect(await target.missing(made.id, [{ ...last, name: 'nb-3.png', size: 1 }])).toHaveLength(1);
    for (let at = 0; at < 40; at++) twin.store.addSpace(`S${at}`, `Space ${at}`);
    expect((await target.spaces('space 39')).map(space => space.id)).toEqual(['S39']);
    expect((await target.spaces('s7'))[0]).toEqual({ id: 'S7', name: 'Space 7' });
    expect((await target.spaces(''))[0]?.id).toBe('DATA');
  });

  it('searches parents whatever a person types', async () => {
    for (const query of [
      '',
      '"',
      '\\',
      '+ - && || ! ( ) { } [ ] ^ ~ * ? : /',
      'order by',
      '" and type = "page',
      '中文',
      'a" or "b'
    ])
      expect(await target.parents(query, { space: 'DATA' })).toBeInstanceOf(Array);
    const { page: made } = await page();
    const found = (await target.parents(made.title, {})).map(each => each.id);
    expect(found).toContain(made.id);
  });
});

describe('the Confluence Cloud twin, its account', () => {
  let twin: ConfluenceTwin;
  beforeAll(async () => {
    twin = await startConfluenceTwin('cloud');
  });
  afterAll(() => twin.close());

  it('may be a token without a name', async () => {
    expect((await targetOf(twin, { user: undefined }).check()).account).toBe('Lakeside');
  });

  it('takes the address of the site with or without /wiki', async () => {
    expect((await targetOf(twin, { url: twin.url.replace(/\/wiki$/, '/') }).check()).lacks).toEqual([]);
  });

  it('lacks what it may not add', async () => {
    twin.forbid('attachment');
    expect((await targetOf(twin).check()).lacks).toEqual([expect.stringContaining('may not add attachments')]);
    twin.forbid('page');
    const attempt = targetOf(twin).create({ title: 'No', body: '<p>No.</p>', summary: '' });
    await expect(attempt).rejects.toMatchObject({ code: 'target-forbidden' });
  });
});
