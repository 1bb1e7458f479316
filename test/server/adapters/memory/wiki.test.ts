import { createMemoryWiki } from '../../../../server/adapters/memory/wiki.js';
import type { WikiFeatures } from '../../../../server/share/wiki/ports.js';
import { wikiTargetSuite } from '../../../support/wikiTargetSuite.js';

const kinds: [name: string, features: Partial<WikiFeatures>, together?: boolean][] = [
  ['memory', {}],
  ['memory, one store of files', { dialect: 'mediawiki', attachments: 'wiki' }],
  ['memory, flat', { dialect: 'dokuwiki', spaces: false, parents: false }],
  ['memory, storage format', { dialect: 'confluence' }],
  ['memory, one history of text and files', { attachments: 'wiki' }, true]
];

for (const [name, features, together = false] of kinds)
  wikiTargetSuite(name, async () => {
    const { target, people } = createMemoryWiki({ features, together });
    return {
      target,
      other: target,
      edit: async (pageId, change) => people.edit(pageId, change),
      rename: async (pageId, title) => {
        people.rename(pageId, title);
        return pageId;
      },
      remove: async pageId => people.remove(pageId),
      restore: async page => people.restore(page.id),
      add: async (title, body) => void people.add(title, body),
      file: async (pageId, file) => people.file(pageId, file),
      dispose: () => target.close()
    };
  });
