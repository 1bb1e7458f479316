import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pluginCode, writePlugin } from '../../support/plugins.js';
import { programs } from '../../support/programs.js';
import { scratch } from '../../support/scratch.js';

const TOKEN = 'hunter2-and-more-of-it';

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** A home whose configuration names a plug-in that works and one of every kind that does not. */
function setUp() {
  const folder = scratch();
  const config = join(folder, 'config', 'lakeside');
  const plugins = join(config, 'plugins');
  mkdirSync(config, { recursive: true });
  const leak = `check: async () => { throw new Error('with ' + await around.readSecret(settings.token)); },`;
  const codes: Record<string, string> = {
    good: pluginCode({ id: 'good' }),
    throws: 'throw new Error("no luck");',
    shape: 'export default 1;',
    garbage: pluginCode({ id: 'garbage', instead: 'check: async () => [],' }),
    mute: pluginCode({ id: 'mute', instead: 'check: async () => { throw null; },' }),
    leaks: pluginCode({ id: 'leaks', instead: leak })
  };
  for (const [id, code] of Object.entries(codes)) writePlugin(plugins, { name: `${id}-wiki`, id, code });
  const names = [...Object.keys(codes).map(id => `${id}-wiki`), 'missing-wiki'];
  const targets = [...Object.keys(codes), 'unknown'].map(
    id => `  ${id}:\n    kind: ${id}\n${id === 'leaks' ? '    token: {env: ACME_TOKEN}\n' : ''}`
  );
  writeFileSync(join(config, 'config.yml'), `plugins: [${names.join(', ')}]\ntargets:\n${targets.join('')}`);
  writeFileSync(
    join(folder, 'a.ipynb'),
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: [{ cell_type: 'markdown', id: 'a', metadata: {}, source: '# Tides' }]
    })
  );
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    LAKESIDE_HOME: join(folder, 'home'),
    ACME_TOKEN: TOKEN
  };
  const lakeside = (...words: string[]): Promise<Ended> =>
    new Promise(done => {
      const child = spawn(process.execPath, [join(programs, 'cli.js'), ...words], {
        env,
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe']
      });
      let [out, err] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      child.once('close', code => done({ code, out, err }));
    });
  return { folder, config, lakeside };
}

test('the doctor names what is broken, without a secret, and all else works', async () => {
  const { lakeside } = setUp();
  const { code, out, err } = await lakeside('doctor', '--json');
  expect(code).toBe(1);
  const { checks } = JSON.parse(out) as { checks: { name: string; state: string; detail: string }[] };
  const found = Object.fromEntries(checks.map(({ name, state, detail }) => [name, `${state}: ${detail}`]));
  expect(found).toMatchObject({
    configuration: expect.stringMatching(/^ok/),
    library: expect.stringMatching(/^ok/),
    'plug-in good-wiki': expect.stringMatching(/^ok: good-wiki 2\.1\.0 from .*for targets of the kind good$/),
    'plug-in throws-wiki': expect.stringMatching(/^failed: .*throws-wiki failed to load: no luck/),
    'plug-in shape-wiki': expect.stringMatching(/^failed: .*its module has no default export/),
    'plug-in missing-wiki': expect.stringMatching(/^failed: .*it is not installed/),
    'wiki good': 'ok: Acme 1, as robot',
    'wiki throws': expect.stringMatching(/^failed: .*no luck/),
    'wiki garbage': expect.stringMatching(/^failed: .*garbage-wiki gave a wrong answer in check\(\)/),
    'wiki mute': expect.stringMatching(/^failed: .*mute-wiki failed in check\(\): without a word/),
    'wiki leaks': expect.stringMatching(/^failed: .*leaks-wiki failed in check\(\): with \[secret\]/),
    'wiki unknown': expect.stringMatching(/^failed: .*no plug-in for targets of the kind unknown.*missing-wiki/)
  });
  expect(out + err).not.toContain(TOKEN);
}, 60_000);

test('what works can be shared to beside what is broken', async () => {
  const { folder, config, lakeside } = setUp();
  expect((await lakeside('targets', 'list')).out).toContain('good  good · Pages in a wiki (good)');
  expect(await lakeside('share', 'a.ipynb', '--to', 'good')).toMatchObject({
    code: 0,
    out: expect.stringContaining('New page: Tides\nhttps://acme.example.org/1') as string
  });
  const failed = await lakeside('share', 'a.ipynb', '--to', 'throws');
  expect(failed).toMatchObject({
    code: 1,
    err: expect.stringContaining('throws-wiki failed to load: no luck') as string
  });
  expect(await lakeside('library', 'list')).toMatchObject({ code: 0 });
  expect(await lakeside('targets', 'test', 'good', 'mute')).toMatchObject({
    code: 1,
    out: expect.stringMatching(/✓ good {2}Acme 1, as robot\n✗ mute {2}.*without a word/) as string
  });

  writeFileSync(
    join(config, 'config.yml'),
    'plugins: [good-wiki]\ntargets:\n  acme:\n    kind: good\n    policy: {spaces: [home], secrets: block}\n    romo: attic\n'
  );
  expect((await lakeside('targets', 'list')).out).toContain('spaces home; nothing that holds a secret');
  const misspelt = await lakeside('targets', 'test');
  expect(misspelt.out).toMatch(
    /✗ acme .*config\.yml, line 6: there is no key targets\.acme\.romo\. Did you mean room\?/
  );
  expect(misspelt.out).not.toContain(folder + '/home');
}, 60_000);

test('the place of the kit is told, or how it is made', async () => {
  const { lakeside } = setUp();
  const { code, out, err } = await lakeside('plugin-kit');
  expect({ code, said: code === 0 ? out : err }).toEqual({
    code: 2,
    said: expect.stringContaining('In a checkout run: npm run build -- kit') as string
  });
});
