import { describe } from 'vitest';
import { startConfluenceTwin } from '../../support/confluenceTwin/index.js';
import { EDITIONS } from '../../support/confluenceTwin/targets.js';
import { wikiKillSuite, type KillFixture } from '../../support/wikis/killSuite.js';

describe.each(EDITIONS)('%s', (edition, name) => {
  const start = async (): Promise<KillFixture> => {
    const twin = await startConfluenceTwin(edition);
    const before = new Set(twin.store.pages.keys());
    return {
      settings: [
        `kind: confluence-${edition}`,
        `url: ${twin.url}`,
        ...(edition === 'cloud' ? [`user: ${twin.user}`] : []),
        'space: DATA'
      ],
      password: twin.token,
      key: 'token',
      pages: () =>
        Promise.resolve(
          [...twin.store.pages.values()]
            .filter(page => page.status === 'current' && !before.has(page.id))
            .map(({ id, title, versions }) => ({ id, name: title, body: versions.at(-1)!.body }))
        ),
      edit: async (id, change) => twin.people.edit(id, change),
      file: (id, figure) => Promise.resolve(twin.people.file(id, figure)),
      stop: () => twin.close()
    };
  };
  wikiKillSuite(name, 'confluence', start, { half: edition === 'cloud' ? 0 : 1 });
});
