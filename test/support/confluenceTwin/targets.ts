import { systemClock } from '../../../server/adapters/clock-system/index.js';
import {
  createConfluenceCloudTarget,
  createConfluenceDataCenterTarget
} from '../../../server/adapters/wiki-confluence/index.js';
import type { WikiTarget } from '../../../server/share/wiki/ports.js';
import type { ConfluenceTwin } from './index.js';
import type { Edition } from './rules.js';

export const EDITIONS: [Edition, string][] = [
  ['cloud', 'the Confluence Cloud twin'],
  ['datacenter', 'the Confluence Data Center twin']
];

interface Choices {
  url?: string;
  token?: string;
  /** Cloud: without it, the token goes alone. */
  user?: string | undefined;
  space?: string;
  parent?: string;
  timeoutMs?: number;
  patienceMs?: number;
}

/** The adapter of a twin's edition, with its account. */
export function targetOf(twin: ConfluenceTwin, choices: Choices = {}): WikiTarget {
  const { url = twin.url, token = twin.token, space = twin.space, parent, timeoutMs, patienceMs } = choices;
  const settings = { url, space, ...(parent !== undefined && { parent }) };
  const common = {
    token,
    label: 'Data wiki',
    clock: systemClock,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(patienceMs !== undefined && { patienceMs })
  };
  const user = 'user' in choices ? choices.user : twin.user;
  return twin.edition === 'cloud'
    ? createConfluenceCloudTarget({ ...common, settings: { ...settings, ...(user !== undefined && { user }) } })
    : createConfluenceDataCenterTarget({ ...common, settings });
}
