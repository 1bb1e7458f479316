import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createMediaWikiTarget } from '../../../server/adapters/wiki-mediawiki/index.js';
import type { WikiTarget } from '../../../server/share/wiki/ports.js';
import { startMediaWiki, type MediaWikiServer } from '../../support/wikis/mediawiki.js';
import { mediaWikiPeople } from '../../support/wikis/mediawikiPeople.js';
import { wikiTargetSuite } from '../../support/wikiTargetSuite.js';

let server: MediaWikiServer;

const targetOf = (password = server.bot.password): WikiTarget =>
  createMediaWikiTarget({
    settings: { api: server.api, user: server.bot.user, space: '0' },
    password,
    label: 'Data wiki',
    clock: systemClock
  });

beforeAll(async () => {
  server = await startMediaWiki();
});
afterAll(() => server.stop());

wikiTargetSuite('the real MediaWiki', async () => {
  const people = mediaWikiPeople(server);
  const target = targetOf();
  return {
    target,
    other: targetOf(),
    edit: people.edit,
    rename: async (pageId, title) => {
      await people.rename(pageId, title);
      return pageId;
    },
    remove: people.remove,
    restore: page => people.restore(page.title),
    add: people.add,
    file: (_pageId, name) => people.file(name),
    dispose: () => target.close()
  };
});

describe('MediaWiki', () => {
  it('says what it is and that formulas are given as they are written', async () => {
    const standing = await targetOf().check();
    expect(standing).toMatchObject({ account: 'Nbbot', lacks: [] });
    expect(standing.software).toMatch(/^MediaWiki 1\.\d+/);
    expect(standing.features).toMatchObject({ maths: 'native', highlights: true, maxBodyBytes: 2048 * 1024 });
  });

  it('says where pages go by themselves: the namespace of its settings, or of the page they go below', async () => {
    const homeWith = async (more: { space?: string; parent?: string }) =>
      (
        await createMediaWikiTarget({
          settings: { api: server.api, user: server.bot.user, space: '0', ...more },
          password: server.bot.password,
          label: 'Data wiki',
          clock: systemClock
        }).check()
      ).home;
    expect(await homeWith({})).toEqual({ id: '0', name: 'Main' });
    expect(await homeWith({ space: '4' })).toEqual({ id: '4', name: 'Data Wiki' });
    expect(await homeWith({ parent: 'Data Wiki:Reports' })).toMatchObject({ id: '4' });
    expect(await homeWith({ space: '4', parent: 'Plans: what is next' })).toMatchObject({ id: '0' });
    expect(await homeWith({ space: '999' })).toBeUndefined();
  });

  it('names the cure for a wrong bot password', async () => {
    await expect(targetOf('wrong').check()).rejects.toMatchObject({
      code: 'target-signin',
      message: expect.stringContaining('Special:BotPasswords')
    });
  });
});
