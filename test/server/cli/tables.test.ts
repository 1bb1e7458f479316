import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { programs } from '../../support/programs.js';
import { scratch } from '../../support/scratch.js';

/** Runs the CLI on a scratch home with a source of tables that are made up. */
function cli() {
  const folder = scratch('lakeside-cli-tables');
  mkdirSync(join(folder, '.config', 'lakeside'), { recursive: true });
  const sources = 'sources:\n  made: { kind: memory, schemas: 2, tables: 3, columns: 2, label: Made up }\n';
  writeFileSync(join(folder, '.config', 'lakeside', 'config.yml'), sources);
  return (...args: string[]): Promise<{ code: number | null; out: string; err: string }> =>
    new Promise(done => {
      const env = { PATH: process.env['PATH'], HOME: folder, LAKESIDE_HOME: join(folder, 'home'), TZ: 'UTC' };
      const child = spawn(process.execPath, [join(programs, 'cli.js'), ...args], { cwd: folder, env });
      let out = '';
      let err = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      child.once('close', code => done({ code, out, err }));
    });
}

test('lakeside sources lists and tests them', async () => {
  const lakeside = cli();
  expect(await lakeside('sources', 'list')).toMatchObject({
    code: 0,
    out: 'made  Made up · memory · Tables of memory.\n'
  });
  expect(await lakeside('sources', 'test')).toMatchObject({ code: 0, out: '✓ made  2 schemas in memory\n' });
  const { out } = await lakeside('sources', 'test', 'made', '--json');
  expect(JSON.parse(out)).toEqual([{ name: 'made', findings: [{ state: 'ok', detail: '2 schemas in memory' }] }]);
  const unknown = await lakeside('sources', 'test', 'nope');
  expect(unknown).toMatchObject({ code: 2, out: '', err: expect.stringContaining('There is: made') });
});

test('lakeside tables lists, searches, shows and previews', async () => {
  const lakeside = cli();
  expect((await lakeside('tables', 'ls')).out).toMatch(/NAME +LABEL +TABLES\nmade +Made up +6 tables in 2 schemas\n/);
  expect((await lakeside('tables', 'ls', 'made')).out).toBe('made/customer_001  3 tables\nmade/order_000  3 tables\n');
  const listed = await lakeside('tables', 'ls', 'made/order_000');
  const [first = ''] = listed.out.split('\n').filter(line => line.includes('order_fact'));
  expect(first).toBe('made/order_000/order_fact_0000');
  const found = await lakeside('tables', 'search', 'order_fact', '--no-columns');
  expect(found).toMatchObject({ code: 0, out: `${first}\n` });
  const detail = JSON.parse((await lakeside('tables', 'show', first, '--json')).out) as { columns: { name: string }[] };
  expect(detail.columns).toHaveLength(2);
  const rows = await lakeside('tables', 'preview', first, '--limit', '3');
  expect(rows.out.split('\n')).toHaveLength(5);
  expect(rows.err).toBe('The first 3 of more.\n');
});

test('what is wrong is one sentence, and the exit code 2', async () => {
  const lakeside = cli();
  for (const [args, sentence] of [
    [['tables', 'show', 'made/order_000/nope'], /no table nope/],
    [['tables', 'show', 'made'], /names no table/],
    [['tables', 'ls', 'nope'], /no source of tables "nope"/],
    [['tables', 'preview', 'made/a/b', '--limit', '0'], /from 1 to 1000/],
    [['tables', 'nonsense'], /There is no "lakeside tables nonsense"/]
  ] as const) {
    const ended = await lakeside(...args);
    expect(ended).toMatchObject({ code: 2, out: '', err: expect.stringMatching(sentence) });
  }
}, 60_000);
