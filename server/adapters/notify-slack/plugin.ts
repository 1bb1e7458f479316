import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import { Secret } from '../../configuration/secret.js';
import { definePlugin } from '../../plugins/plugin.js';

/** `kind: slack`: an incoming webhook of Slack, Mattermost, or what takes the same. */
export const slackPlugin = definePlugin({
  kind: 'notification-channel',
  id: 'slack',
  config: z.strictObject({
    url: Secret.describe('The address of the incoming webhook. Whoever has it can post, so it is a secret.')
  }),
  async create({ url }, { readSecret, label = 'The chat', settings }) {
    const { createSlackChannel } = await import('./index.js');
    const given = await readSecret(url);
    if (!/^https?:\/\//.test(given) || !URL.canParse(given)) {
      throw new ProblemError(
        'invalid',
        `The address of the incoming webhook in ${settings} must begin with https:// or http://. Correct the secret it refers to.`
      );
    }
    return createSlackChannel({ label, url: new URL(given) });
  }
});
