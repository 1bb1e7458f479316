import { Secret } from '../../configuration/secret.js';
import { definePlugin } from '../../plugins/plugin.js';
import { DokuWikiSettings } from './settings.js';

/** `kind: dokuwiki`: a DokuWiki of 2022 or newer. */
export const dokuWikiPlugin = definePlugin({
  kind: 'wiki-target',
  id: 'dokuwiki',
  config: DokuWikiSettings.extend({ password: Secret }),
  async create({ password, ...settings }, { readSecret, label = 'The wiki', clock }) {
    const { createDokuWikiTarget } = await import('./index.js');
    return createDokuWikiTarget({ settings, password: await readSecret(password), label, clock });
  }
});
