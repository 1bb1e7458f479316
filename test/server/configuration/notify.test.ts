import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { composeChannels } from '../../../server/composeNotify.js';
import type { CredentialUse } from '../../../server/composeSecrets.js';
import type { Account } from '../../../server/configuration/secret.js';
import { ProblemError } from '../../../contract/problem.js';
import { readConfig } from '../../../server/config.js';
import { Undelivered } from '../../../server/schedule/notify/undelivered.js';
import { silent } from '../../support/schedule/after.js';
import { someDelivery } from '../../support/schedule/notice.js';
import { httpSink } from '../../support/schedule/sinks.js';
import { scratch } from '../../support/scratch.js';

/** The channels of a configuration file. */
function channelsOf(yaml: string, variables: Record<string, string> = {}, credentials?: CredentialUse) {
  const home = scratch();
  mkdirSync(join(home, 'lakeside'));
  writeFileSync(join(home, 'lakeside', 'config.yml'), yaml);
  const config = readConfig('sidecar', { HOME: home, XDG_CONFIG_HOME: home, LAKESIDE_HOME: home, ...variables });
  return composeChannels({ config, log: silent, programs: '', credentials });
}

const smtp = '{ kind: smtp, host: smtp.example.org, from: lakeside@example.org }';

describe('the section notify', () => {
  it('names channels, and says which of them go to the owner alone', async () => {
    const channels = await channelsOf(`notify:
  channels:
    mail: ${smtp}
    team: { kind: smtp, host: smtp.example.org, from: lakeside@example.org, to: [team@example.org], label: The team }
    chat: { kind: slack, url: { env: CHAT } }
`);
    expect(channels.list()).toEqual([
      { name: 'mail', title: 'mail', isPersonal: true },
      { name: 'team', title: 'The team', isPersonal: false },
      { name: 'chat', title: 'chat', isPersonal: false }
    ]);
  });

  it('absent means that the owner is told at the screen alone', async () => {
    const channels = await channelsOf('publicUrl: https://lab.example.org/\n');
    expect(channels.list()).toEqual([]);
    expect(channels.mailOf('ada')).toBeUndefined();
    expect(channels.mentionOf('ada')).toBeUndefined();
  });

  it('knows people by a template, and single ones better', async () => {
    const channels = await channelsOf(`notify:
  channels: { mail: ${smtp}, other: ${smtp} }
  owners:
    via: other
    mail: "{owner}@example.org"
    mention: "@{owner}"
    people:
      ada: { mail: a.lovelace@example.org, mention: "<@U1>" }
`);
    expect(channels.mailOf('ada')).toEqual({ channel: 'other', address: 'a.lovelace@example.org' });
    expect(channels.mailOf('bob')).toEqual({ channel: 'other', address: 'bob@example.org' });
    expect([channels.mentionOf('ada'), channels.mentionOf('bob')]).toEqual(['<@U1>', '@bob']);
    for (const hostile of ['eve@evil.example, bob', '<!channel>', 'constructor ', '__proto__ x', 'a\nb']) {
      expect(channels.mailOf(hostile), hostile).toBeUndefined();
      expect(channels.mentionOf(hostile), hostile).toBeUndefined();
    }
    // A name that would bring a second @ is no address.
    expect(channels.mailOf('eve@evil.example')).toBeUndefined();
  });

  it.each([
    ['owner as a name', `notify:\n  channels: { owner: ${smtp} }\n`, /must be a name of small letters/],
    ['an unknown kind', 'notify:\n  channels: { a: { kind: pager } }\n', /kind/],
    ['a misspelt key', 'notify:\n  channels: { a: { kind: slack, uri: { env: X } } }\n', /url/],
    ['a template without a place', 'notify:\n  owners: { mail: ada@example.org }\n', /\{owner\}/],
    [
      'mail by a channel that is none',
      'notify:\n  channels: { chat: { kind: slack, url: { env: X } } }\n  owners: { via: chat }\n',
      /kind smtp/
    ]
  ])('refuses %s, with file and line', async (_name, yaml, words) => {
    const refused = channelsOf(yaml);
    await expect(refused).rejects.toMatchObject({ code: 'invalid', message: expect.stringMatching(words) as string });
    await expect(refused).rejects.toMatchObject({ message: expect.stringMatching(/config\.yml.*line \d/) as string });
  });

  it('reads a secret when it is used, and goes on looking for one that is missing', async () => {
    const sink = await httpSink();
    const yaml = `notify:\n  channels:\n    ops: { kind: webhook, url: "${sink.url.href}", secret: { env: OPS } }\n`;
    const without = await channelsOf(yaml);
    await expect(without.open('ops')).rejects.toMatchObject({
      isPassing: true,
      message: expect.stringMatching(/OPS, which is not set/) as string
    });
    const withOne = await channelsOf(yaml, { OPS: 'a shared secret' });
    await (await withOne.open('ops')).deliver(someDelivery(), new AbortController().signal);
    expect(sink.posted).toHaveLength(1);
    await expect(withOne.open('toString')).rejects.toBeInstanceOf(Undelivered);
    await expect(withOne.open('gone')).rejects.toMatchObject({ isPassing: false });
  });

  it('takes a secret from a profile of credentials, as it is at each delivery, and waits for who must sign in', async () => {
    const sink = await httpSink();
    const yaml = `notify:\n  channels:\n    ops: { kind: webhook, url: "${sink.url.href}", secret: { credential: hook } }\n`;
    let now: string | undefined;
    const account = (profile: string): Promise<Account> =>
      now === undefined
        ? Promise.reject(new ProblemError('credential-signin', `Nobody is signed in to ${profile}.`))
        : Promise.resolve({ secret: now });
    const awsKeys = () => Promise.reject(new Error('no bucket here'));
    const channels = await channelsOf(yaml, {}, { account, awsKeys });
    await expect(channels.open('ops')).rejects.toMatchObject({
      isPassing: true,
      message: 'Nobody is signed in to hook.'
    });
    now = 'the first secret of the hook';
    const first = await channels.open('ops');
    expect(await channels.open('ops')).toBe(first);
    now = 'the second secret of the hook';
    expect(await channels.open('ops')).not.toBe(first);
    now = undefined;
    await expect(channels.open('ops')).rejects.toMatchObject({ isPassing: true });
    await channels.close();
  });
});
