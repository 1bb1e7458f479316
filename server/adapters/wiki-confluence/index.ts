import type { Clock } from '../../ports.js';
import type { WikiTarget } from '../../share/wiki/ports.js';
import { createCloudApi } from './cloud.js';
import { createCommonApi } from './common.js';
import { createDataCenterApi } from './datacenter.js';
import { ConfluenceSession } from './session.js';
import type { ConfluenceCloudSettings, ConfluenceDataCenterSettings } from './settings.js';
import { createTarget } from './target.js';

export { ConfluenceCloudSettings, ConfluenceDataCenterSettings } from './settings.js';

export interface ConfluenceOptions<S> {
  settings: S;
  token: string;
  /** What people call this wiki. */
  label: string;
  clock: Clock;
  /** How long a call may take, and how long it may wait where the wiki asks to, in milliseconds. */
  timeoutMs?: number;
  patienceMs?: number;
}

/** A Confluence Cloud, with an API token of the account. */
export function createConfluenceCloudTarget(options: ConfluenceOptions<ConfluenceCloudSettings>): WikiTarget {
  const { settings, token } = options;
  const site = `${settings.url.replace(/\/+$/, '').replace(/\/wiki$/, '')}/wiki`;
  const { user } = settings;
  const session = new ConfluenceSession({
    ...options,
    base: site,
    authorization:
      user === undefined ? `Bearer ${token}` : `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`,
    signIn: `Make a new API token${user === undefined ? '' : ` for ${user}`} at Atlassian and put it where the configuration says.`
  });
  const api = createCloudApi(session, { site, maxPageBytes: settings.maxPageBytes });
  return createTarget({ ...options, api, common: createCommonApi(session, site) });
}

/** A Confluence Data Center, with a personal access token of the account. */
export function createConfluenceDataCenterTarget(options: ConfluenceOptions<ConfluenceDataCenterSettings>): WikiTarget {
  const { settings, token } = options;
  const site = settings.url.replace(/\/+$/, '');
  const session = new ConfluenceSession({
    ...options,
    base: site,
    authorization: `Bearer ${token}`,
    signIn: "Make a new personal access token in the account's settings and put it where the configuration says."
  });
  const api = createDataCenterApi(session, { site, maxPageBytes: settings.maxPageBytes });
  return createTarget({ ...options, api, common: createCommonApi(session, site) });
}
