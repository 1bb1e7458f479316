import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { testPlugin, testTarget } from '../../../server/cli/targetTests.js';
import { composeWikis } from '../../../server/composeWikis.js';
import { readConfig } from '../../../server/config.js';
import { pluginCode, writePlugin } from '../../support/plugins.js';
import { programs } from '../../support/programs.js';
import { scratch } from '../../support/scratch.js';
import { silent } from '../../support/share/home.js';

const codes = {
  good: pluginCode({ id: 'good' }),
  blocks: 'for (;;);',
  waits: 'await new Promise(() => setInterval(() => {}, 1e6));',
  hangs: pluginCode({ id: 'hangs', instead: 'check: () => new Promise(() => setInterval(() => {}, 1e6)),' }),
  spins: pluginCode({ id: 'spins', instead: 'check: () => { for (;;); },' })
};

test('what gives no answer is told in time, and keeps nobody else waiting', async () => {
  const folder = scratch();
  const config = join(folder, '.config', 'lakeside');
  for (const [id, code] of Object.entries(codes))
    writePlugin(join(config, 'plugins'), { name: `${id}-wiki`, id, code });
  const names = Object.keys(codes);
  writeFileSync(
    join(config, 'config.yml'),
    `plugins: [${names.map(id => `${id}-wiki`).join(', ')}]\ntargets:\n${names.map(id => `  ${id}: {kind: ${id}}\n`).join('')}`
  );
  mkdirSync(join(folder, 'home'));
  const wikis = await composeWikis({ config: readConfig('cli', { HOME: folder }), log: silent, programs });
  onTestFinished(() => wikis.close());
  // A process takes its time to start where many start at once.
  expect(await testTarget(wikis, 'good', 20_000)).toEqual([{ state: 'ok', detail: 'Acme 1, as robot' }]);

  const late = [expect.objectContaining({ state: 'failed', detail: 'It gave no answer within 2 seconds.' }) as object];
  const plugin = (id: string) => wikis.outside.find(each => each.id === id)!;
  const [good, ...others] = await Promise.all([
    testTarget(wikis, 'good', 20_000),
    testPlugin(plugin('blocks'), 2_000),
    testPlugin(plugin('waits'), 2_000),
    ...names.slice(1).map(name => testTarget(wikis, name, 2_000))
  ]);
  expect(good).toEqual([{ state: 'ok', detail: 'Acme 1, as robot' }]);
  expect(others).toEqual(others.map(() => late));
  await expect(testTarget(wikis, 'nowhere')).rejects.toMatchObject({ code: 'not-found' });
});

test('a policy that forbids the place where pages go by themselves is a warning with its cure', async () => {
  const folder = scratch();
  const config = join(folder, '.config', 'lakeside');
  const home =
    "check: async () => ({ features, account: 'robot', software: 'Acme 1', lacks: [], home: { id: 'home', name: 'Home' } }),";
  writePlugin(join(config, 'plugins'), {
    name: 'told-wiki',
    id: 'told',
    code: pluginCode({ id: 'told', instead: home })
  });
  writePlugin(join(config, 'plugins'), { name: 'good-wiki', id: 'good', code: codes.good });
  const target = (name: string, kind: string, spaces: string) =>
    `  ${name}: {kind: ${kind}, policy: {spaces: ${spaces}, secrets: warn}}\n`;
  writeFileSync(
    join(config, 'config.yml'),
    `plugins: [told-wiki, good-wiki]\ntargets:\n${target('well', 'told', '[h*]')}${target('other', 'told', '[attic]')}${target('silent', 'good', '[home]')}`
  );
  const wikis = await composeWikis({ config: readConfig('cli', { HOME: folder }), log: silent, programs });
  onTestFinished(() => wikis.close());
  const ok = { state: 'ok', detail: 'Acme 1, as robot' };
  expect(await testTarget(wikis, 'well', 20_000)).toEqual([ok]);
  expect(await testTarget(wikis, 'other', 20_000)).toEqual([
    ok,
    {
      state: 'warning',
      detail: expect.stringContaining('go to the space Home, which the policy does not allow') as string,
      cure: 'Name an allowed space in the settings of the target.'
    }
  ]);
  expect((await testTarget(wikis, 'silent', 20_000))[1]).toMatchObject({
    state: 'warning',
    detail: expect.stringContaining('does not say in which space') as string
  });
});
