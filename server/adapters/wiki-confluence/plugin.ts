import { Secret } from '../../configuration/secret.js';
import { definePlugin } from '../../plugins/plugin.js';
import { ConfluenceCloudSettings, ConfluenceDataCenterSettings } from './settings.js';

/** `kind: confluence-cloud`: a site at Atlassian. */
export const confluenceCloudPlugin = definePlugin({
  kind: 'wiki-target',
  id: 'confluence-cloud',
  config: ConfluenceCloudSettings.extend({ token: Secret }),
  async create({ token, ...settings }, { readSecret, label = 'The wiki', clock }) {
    const { createConfluenceCloudTarget } = await import('./index.js');
    return createConfluenceCloudTarget({ settings, token: await readSecret(token), label, clock });
  }
});

/** `kind: confluence-datacenter`: a company's own Confluence, 7.9 or newer. */
export const confluenceDataCenterPlugin = definePlugin({
  kind: 'wiki-target',
  id: 'confluence-datacenter',
  config: ConfluenceDataCenterSettings.extend({ token: Secret }),
  async create({ token, ...settings }, { readSecret, label = 'The wiki', clock }) {
    const { createConfluenceDataCenterTarget } = await import('./index.js');
    return createConfluenceDataCenterTarget({ settings, token: await readSecret(token), label, clock });
  }
});
