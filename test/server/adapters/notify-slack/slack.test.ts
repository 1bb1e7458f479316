import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createSlackChannel } from '../../../../server/adapters/notify-slack/index.js';
import { messageOf } from '../../../../server/adapters/notify-slack/message.js';
import type { SlackMessage } from '../../../../server/adapters/notify-slack/message.js';
import { slackPlugin } from '../../../../server/adapters/notify-slack/plugin.js';
import { systemClock } from '../../../../server/adapters/clock-system/index.js';
import { silent } from '../../../support/schedule/after.js';
import { someDelivery, someNotice } from '../../../support/schedule/notice.js';
import { httpSink } from '../../../support/schedule/sinks.js';

const never = new AbortController().signal;

describe('a chat', () => {
  it('gets the payload of an incoming webhook, with a mention of the owner', async () => {
    const sink = await httpSink(() => ({ status: 200, body: 'ok' }));
    await createSlackChannel({ label: 'Team chat', url: sink.url }).deliver(someDelivery(), never);
    const [posted] = sink.posted;
    expect(posted?.path).toBe('/hooks/secret-part');
    expect(posted?.headers['x-lakeside-delivery']).toBe('01KAQ0000000000000000000N1');
    const message = JSON.parse(posted!.body) as SlackMessage;
    expect(message.text).toMatch(/^<@U024BE7LH> ✕ \*Morning delays failed in cell 7\*/);
    for (const said of ['no flights on 2026-11-22', '```Traceback', '4 min 12 s', 'owner ada', '|Open the output>']) {
      expect(message.text).toContain(said);
    }
    expect(message.blocks).toMatchObject([{ type: 'section' }, { type: 'context' }, { type: 'section' }]);
    expect(JSON.stringify(message.blocks)).toContain('<@U024BE7LH>');
  });

  it('is not shouted at by what a notebook says', () => {
    const loud = '<!channel> <@U999> @all @here *bold* `x` <https://evil.example|click> ```';
    const notice = someNotice({
      title: loud,
      text: loud,
      error: { name: loud, firstLine: loud, lastLine: loud },
      checks: [{ expression: loud, value: loud }],
      parameters: [{ name: 'x', value: loud }]
    });
    const { text, blocks } = messageOf(notice);
    for (const told of [text, JSON.stringify(blocks)]) {
      expect(told).not.toMatch(/<!|<@U999|<https:\/\/evil/);
      // Where it is no code, a zero-width space keeps chats from seeing a mention.
      expect(told.replaceAll(/```[^]*?```|`[^`]*`/g, '')).not.toMatch(/@all|@here/);
    }
  });

  it('never gets more than it takes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 10_000, unit: 'grapheme' }), words => {
        const { blocks } = messageOf(someNotice({ text: words, title: words.slice(0, 200), messages: [words] }));
        for (const block of blocks as { text?: { text: string } }[]) {
          expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(3000);
        }
      }),
      { numRuns: 50 }
    );
  });

  it('needs an address that is one', async () => {
    const around = {
      log: silent,
      clock: systemClock,
      cacheDirectory: '/nowhere',
      settings: 'notify.channels.chat in a.yml'
    };
    const made = (secret: string) =>
      slackPlugin.create({ url: { env: 'HOOK' } }, { ...around, readSecret: () => Promise.resolve(secret) });
    await expect(made('file:///etc/passwd')).rejects.toMatchObject({ code: 'invalid' });
    await expect(made('not an address')).rejects.toMatchObject({
      message: expect.not.stringMatching(/not an address/) as string
    });
    await expect(made('https://hooks.example.org/x')).resolves.toBeDefined();
    expect(slackPlugin.config.safeParse({ url: 'https://hooks.example.org/x' }).success).toBe(false);
  });
});
