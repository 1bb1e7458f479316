import { beforeEach, describe, expect, test } from 'vitest';
import { PublishRequest, Target } from '../../../../contract/share/index.js';
import { createMemoryWiki } from '../../../../server/adapters/memory/wiki.js';
import type { WikiPolicy, Wikis } from '../../../../server/share/ports.js';
import { withPolicy } from '../../../../server/share/wiki/policy.js';
import { localRenderer } from '../../../support/rendering.js';
import { ada, never, notebook, shareHome } from '../../../support/share/home.js';

const secret = { source: 'password = "correct-horse-9-battery"', output: '' };

let home: ReturnType<typeof shareHome>;
let wiki: ReturnType<typeof createMemoryWiki>;

beforeEach(() => {
  home = shareHome();
  wiki = createMemoryWiki();
});

function start(policy: WikiPolicy) {
  const wikis: Wikis = {
    list: () => [{ id: 'data', kind: 'mediawiki', label: 'Data wiki', description: 'Of the data team.', policy }],
    open: async () => withPolicy(wiki.target, policy, 'Data wiki')
  };
  return home.start({ wikis, renderer: localRenderer() });
}

describe('a target that blocks secrets', () => {
  test('gets nothing of a notebook that holds one, and the Library neither by that share', async () => {
    const p = start({ secrets: 'block' });
    home.write('a.ipynb', notebook(['# A', secret]));
    const job = await p.shareJob('a.ipynb', { target: 'data' });
    expect(job).toMatchObject({ state: 'failed', problem: { code: 'forbidden' } });
    expect(job.problem?.detail).toMatch(/\(cell 2\), and Data wiki takes nothing that does.*Nothing was published/);
    expect(JSON.stringify(job)).not.toContain('correct-horse');
    expect(wiki.people.pages()).toEqual([]);
    expect(home.puts.filter(key => !key.startsWith('wiki/'))).toEqual([]);
    expect(await p.share('a.ipynb')).toMatchObject({ outcome: 'created', secrets: { redacted: 1 } });
  });

  test('gets it once a person said that it is none', async () => {
    const p = start({ secrets: 'block' });
    home.write('a.ipynb', notebook(['# A', secret]));
    const { findings } = await p.service.scan(ada, { path: 'a.ipynb', source: { kind: 'file' } }, never);
    const { fingerprint } = findings[0]!;
    const result = await p.share('a.ipynb', {
      target: 'data',
      findings: [{ fingerprint, action: 'not-a-secret', reason: 'an example' }]
    });
    expect(result.wiki).toMatchObject({ outcome: 'created' });
  });

  test('refuses the wish to publish one before anything is done', async () => {
    const p = start({ secrets: 'block' });
    home.write('a.ipynb', notebook(['# A', secret]));
    const findings = [{ fingerprint: 'a'.repeat(24), action: 'publish', reason: 'it is old' }];
    const request = PublishRequest.parse({ opId: home.ids.next(), path: 'a.ipynb', target: 'data', findings });
    await expect(p.service.publish(ada, request)).rejects.toMatchObject({ code: 'forbidden' });
    const elsewhere = PublishRequest.parse({ opId: home.ids.next(), path: 'a.ipynb', findings });
    expect(await p.finish(await p.service.publish(ada, elsewhere), ada)).toMatchObject({ state: 'succeeded' });
  });

  test('gets a notebook without any', async () => {
    const p = start({ secrets: 'block' });
    home.write('a.ipynb', notebook(['# A', 'Text']));
    expect((await p.share('a.ipynb', { target: 'data' })).wiki).toMatchObject({ outcome: 'created' });
  });
});

test('a target that warns gets the copy without them', async () => {
  const p = start({ secrets: 'warn' });
  home.write('a.ipynb', notebook(['# A', secret]));
  const result = await p.share('a.ipynb', { target: 'data' });
  expect(result.notes.join()).toContain('1 possible secret was redacted');
  expect(wiki.people.pages()[0]!.body).not.toContain('correct-horse');
});

test('a space that is not allowed ends the share with the allowed ones', async () => {
  const p = start({ spaces: ['lab'], secrets: 'warn' });
  home.write('a.ipynb', notebook(['# A', 'Text']));
  const job = await p.shareJob('a.ipynb', { target: 'data', place: { space: 'home' } });
  expect(job).toMatchObject({ state: 'failed', problem: { code: 'target-forbidden' } });
  expect(job.problem?.detail).toContain('allows only these spaces of Data wiki: lab');
  expect(wiki.people.pages()).toEqual([]);
  await p.share('a.ipynb', { target: 'data', place: { space: 'lab' } });
  expect(wiki.people.pages()).toMatchObject([{ space: 'lab' }]);
});

test('the list of targets tells the policy', () => {
  const p = start({ spaces: ['lab'], secrets: 'block' });
  const [library, data] = p.service.targets(ada);
  expect(library).not.toHaveProperty('policy');
  expect(Target.parse(data).policy).toEqual({ spaces: ['lab'], secrets: 'block' });
});

test('how a target stands tells what its allowed spaces are called, and the usual one where that is allowed', async () => {
  const signal = new AbortController().signal;
  const limited = start({ spaces: ['lab', 'x*'], secrets: 'warn' });
  const standing = await limited.service.places.standing(ada, 'data', signal);
  expect(standing).toMatchObject({ allowed: ['Laboratory', 'x*'] });
  expect(standing).not.toHaveProperty('home');
  expect(await limited.service.places.spaces(ada, 'data', '', signal)).toEqual([{ id: 'lab', name: 'Laboratory' }]);
  home.write('b.ipynb', notebook(['# B', 'Text']));
  const job = await limited.shareJob('b.ipynb', { target: 'data' });
  expect(job.problem?.detail).toContain('Without a choice the page would go to the space Home');
  expect(wiki.people.pages()).toEqual([]);
});

test('a page that takes the place of a deleted one goes to its space, also where the usual one is not allowed', async () => {
  const limited = start({ spaces: ['lab'], secrets: 'warn' });
  home.write('a.ipynb', notebook(['# A', 'Text']));
  await limited.share('a.ipynb', { target: 'data', place: { space: 'lab' } });
  wiki.people.remove(wiki.people.pages()[0]!.id);
  home.write('a.ipynb', notebook(['# A', 'Other text']));
  const again = await limited.share('a.ipynb', { target: 'data', conflict: 'new' });
  expect(again.wiki).toMatchObject({ outcome: 'created' });
  expect(wiki.people.pages()).toMatchObject([{ space: 'lab' }]);
});

test('a target without a policy of spaces tells the usual one, and no others', async () => {
  const p = start({ secrets: 'block' });
  const standing = await p.service.places.standing(ada, 'data', new AbortController().signal);
  expect(standing).toMatchObject({ home: { id: 'home', name: 'Home' } });
  expect(standing).not.toHaveProperty('allowed');
});
