import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createDokuWikiTarget, type DokuWikiSettings } from '../../../server/adapters/wiki-dokuwiki/index.js';
import { createIds } from '../../../server/ids.js';
import type { WikiPage, WikiTarget } from '../../../server/share/wiki/ports.js';
import { regionMarks } from '../../../server/share/wiki/region.js';
import { startDokuWiki, type DokuWikiServer } from '../../support/wikis/dokuwiki.js';
import { dokuWikiPeople, openInEditor, type DokuWikiPeople } from '../../support/wikis/dokuwikiPeople.js';
import { wikiTargetSuite } from '../../support/wikiTargetSuite.js';

const ids = createIds(systemClock);
let server: DokuWikiServer;
let people: DokuWikiPeople;

const targetOf = (settings: Partial<DokuWikiSettings> = {}, password = server.robot.password): WikiTarget =>
  createDokuWikiTarget({
    settings: { url: server.base, user: server.robot.user, space: ':', figures: 'lakeside', ...settings },
    password,
    label: 'Data wiki',
    clock: systemClock
  });

beforeAll(async () => {
  server = await startDokuWiki();
  people = dokuWikiPeople(server);
});
afterAll(() => server.stop());

wikiTargetSuite('the real DokuWiki', () => {
  const target = targetOf();
  return Promise.resolve({
    target,
    other: targetOf(),
    edit: people.edit,
    rename: people.rename,
    remove: people.remove,
    restore: page => people.restore(page.id),
    add: async (title, body) => {
      await people.add(title, body);
    },
    file: (_pageId, name) => people.file(`lakeside:${name}`),
    dispose: () => target.close()
  });
});

async function made(target: WikiTarget, title: string, space?: string): Promise<{ page: WikiPage; marker: string }> {
  const marker = ids.next();
  const { begin, end } = regionMarks('dokuwiki', marker);
  const body = `${begin}\n====== ${title} ======\n\nText.\n${end}`;
  return { page: await target.create({ title, space, body, summary: 'Test' }), marker };
}

describe('DokuWiki', () => {
  it('says what it is, and that formulas and folds are none of its own', async () => {
    const standing = await targetOf().check();
    expect(standing).toMatchObject({ account: 'lakeside', lacks: [] });
    expect(standing.software).toMatch(/^DokuWiki 2022-07-31/);
    expect(standing.features).toMatchObject({ maths: 'source', collapsible: false, compareAndSet: 'checked' });
  });

  it('names the cure for a wrong password, for the remote API switched off or closed to the account', async () => {
    await expect(targetOf({}, 'wrong').check()).rejects.toMatchObject({
      code: 'target-signin',
      message: expect.stringContaining('User Manager')
    });
    await expect(targetOf({ user: 'ada' }, server.ada.password).check()).rejects.toMatchObject({
      code: 'target-forbidden',
      message: expect.stringContaining('remoteuser')
    });
    server.configure("$conf['remote'] = 0;");
    await expect(targetOf().check()).rejects.toMatchObject({
      code: 'target-forbidden',
      message: expect.stringContaining('"remote"')
    });
    server.configure("$conf['remote'] = 1;");
    expect((await targetOf().check()).lacks).toEqual([]);
  });

  it('says which rights the account lacks, and where', async () => {
    server.permit('closed:* @robots 1', 'nofigures:* @robots 4');
    const { lacks } = await targetOf({ space: 'closed', figures: 'nofigures' }).check();
    expect(lacks).toEqual([expect.stringContaining('"Create"'), expect.stringContaining('"Upload"')]);
    const spaces = await targetOf().spaces('');
    expect(spaces.map(({ id }) => id)).not.toContain('closed');
    await expect(made(targetOf({ space: 'closed' }), 'Closed')).rejects.toMatchObject({ code: 'target-forbidden' });
  });

  it('puts pages into namespaces and lists those with pages, from any depth that is named', async () => {
    const target = targetOf({ space: 'lab' });
    const { page } = await made(target, 'In the lab');
    expect(page).toMatchObject({ id: 'lab:in_the_lab', title: 'In the lab', space: 'lab' });
    expect(page.url).toBe(`${server.base}doku.php?id=lab:in_the_lab`);
    await made(target, 'Shallow', 'a:b');
    await made(target, 'Deep', 'a:b:c:d:e');
    expect((await target.spaces(''))[0]).toEqual({ id: 'lab', name: 'lab' });
    expect((await target.spaces('')).map(({ id }) => id)).toEqual(expect.arrayContaining([':', 'a', 'a:b']));
    expect((await target.spaces('')).map(({ id }) => id)).not.toContain('a:b:c:d:e');
    expect((await target.spaces('a:b:c:d:')).map(({ id }) => id)).toContain('a:b:c:d:e');
    await expect(made(target, 'IN the: lab')).rejects.toMatchObject({
      code: 'target-conflict',
      errors: [{ field: 'title' }]
    });
  });

  it('never takes the start page or the sidebar of a namespace', async () => {
    const target = targetOf({ space: 'quiet' });
    expect((await made(target, 'Sidebar')).page.id).toBe('quiet:sidebar_notebook');
    expect((await made(target, ':::')).page.id).toMatch(/^quiet:untitled_notebook/);
  });

  it('waits for nobody who has the page open in the editor, and says so', async () => {
    const target = targetOf();
    const { page } = await made(target, 'Open in the editor');
    const editor = await openInEditor(server, page.id);
    const write = (): Promise<WikiPage> =>
      target.write(page.id, { base: page.version, body: `${page.body}\n`, summary: 'Test' });
    await expect(write()).rejects.toMatchObject({
      code: 'target-busy',
      message: expect.stringContaining('open in the editor')
    });
    expect((await target.read(page.id))?.version).toBe(page.version);
    await editor.leave();
    expect((await write()).body).toBe(`${page.body}\n`);
    // Neither a write nor a refused one leaves a lock behind.
    await expect(write()).rejects.toMatchObject({ code: 'target-conflict' });
    await (await openInEditor(server, page.id)).leave();
  });

  it('finds a page that was moved to another namespace', async () => {
    const target = targetOf();
    const { page, marker } = await made(target, 'Moves about');
    await people.add('x', 'x');
    const to = await people.rename(page.id, 'moved');
    const hint = { pageId: page.id, title: page.title, space: page.space };
    expect((await target.find(marker, hint)).map(each => each.id)).toEqual([to]);
  });

  it('takes any text of a page and gives it back', async () => {
    const target = targetOf();
    const { page } = await made(target, 'Any text');
    const body = `${page.body}\n<code xml>\n<a b="c">&amp; ]]></a>\n</code>\n\ttab  \n  two\n中文 🙂 \u00a0`;
    const written = await target.write(page.id, { base: page.version, body: `${body}\r\nend`, summary: 'A < B & C' });
    expect(written.body).toBe(`${body}\nend`);
  });
});
