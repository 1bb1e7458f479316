import { Secret } from '../../configuration/secret.js';
import { definePlugin } from '../../plugins/plugin.js';
import { MediaWikiSettings } from './settings.js';

/** `kind: mediawiki`: a MediaWiki 1.39 or newer. */
export const mediaWikiPlugin = definePlugin({
  kind: 'wiki-target',
  id: 'mediawiki',
  config: MediaWikiSettings.extend({ password: Secret }),
  async create({ password, ...settings }, { readSecret, label = 'The wiki', clock }) {
    const { createMediaWikiTarget } = await import('./index.js');
    return createMediaWikiTarget({ settings, password: await readSecret(password), label, clock });
  }
});
