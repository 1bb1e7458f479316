import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { parse } from 'yaml';
import { codeCell, notebookOf } from '../../support/notebooks.js';
import { programs } from '../../support/programs.js';
import { scratch } from '../../support/scratch.js';

const page = readFileSync('docs/users/schedule-cli.md', 'utf8');
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

/** The commands of a snippet, as the service runs them: each by a shell of its own that ends with the first fault. */
const Github = z.object({
  jobs: z.object({ validate: z.object({ steps: z.array(z.object({ run: z.string().optional() })) }) })
});
const Gitlab = z.object({ schedules: z.object({ script: z.array(z.string()) }) });

const snippets = blocks.flatMap(text => {
  const data = parse(text) as unknown;
  const github = Github.safeParse(data).data;
  const gitlab = Gitlab.safeParse(data).data;
  if (github !== undefined)
    return [{ name: 'GitHub', commands: github.jobs.validate.steps.flatMap(({ run }) => run ?? []) }];
  return gitlab === undefined ? [] : [{ name: 'GitLab', commands: gitlab.schedules.script }];
});

let folder: string;
let clone: string;
beforeEach(() => {
  folder = scratch('lakeside-ci');
  clone = join(folder, 'clone');
  mkdirSync(join(clone, 'team a'), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  // What pip would install is what was built here; pip itself would ask the network.
  program('lakeside', `exec "${process.execPath}" "${join(programs, 'cli.js')}" "$@"`);
  program('pip', `echo "$@" >> "${join(folder, 'pip')}"`);
  const notebook = JSON.stringify(notebookOf([codeCell('1')]));
  for (const place of ['delays.ipynb', 'team a/delays.ipynb']) writeFileSync(join(clone, place), notebook);
});

function program(name: string, script: string): void {
  const file = join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function run(commands: readonly string[]): { status: number; said: string } {
  const env = { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, HOME: folder };
  execFileSync('git', ['init', '-q', '.'], { cwd: clone, env });
  execFileSync('git', ['add', '.'], { cwd: clone, env });
  let said = '';
  for (const command of commands) {
    const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', command], {
      cwd: clone,
      env,
      encoding: 'utf8'
    });
    said += stdout + stderr;
    if (status !== 0) return { status: status ?? -1, said };
  }
  return { status: 0, said };
}

/** The example of the page itself. */
const good = blocks.find(text => text.startsWith('schedules:')) ?? '';

test('the page has a snippet for both', () => {
  expect(snippets.map(({ name }) => name)).toEqual(['GitHub', 'GitLab']);
  expect(good).toContain('Morning delays');
});

describe.each(snippets)('the snippet for $name', ({ commands }) => {
  test('passes with good files, wherever they lie, and without any', () => {
    expect(run(commands)).toEqual({ status: 0, said: '' });
    expect(readFileSync(join(folder, 'pip'), 'utf8')).toBe('install lakeside[node]\n');
    writeFileSync(join(clone, 'lakeside.yml'), good);
    writeFileSync(join(clone, 'team a', 'lakeside.yml'), good);
    const { status, said } = run(commands);
    expect(said).toBe('lakeside.yml: 1 schedule, all right\nteam a/lakeside.yml: 1 schedule, all right\n');
    expect(status).toBe(0);
  });

  test.each([
    ['a cron that is none', good.replace('30 7', '75 7'), /team a\/lakeside\.yml, line 4: schedules\.0\.when\.cron/],
    [
      'a notebook that is missing',
      good.replace('delays.ipynb', 'gone.ipynb'),
      /line 3: schedules\.0\.notebook\.path names gone/
    ],
    ['a misspelt key', good.replace('policy', 'polcy'), /Did you mean policy\?/],
    ['an unknown macro', good.replace('{{ ds }}', '{{ dz }}'), /line 6: schedules\.0\.parameters\.day holds/],
    ['no YAML', 'schedules: [', /this is not YAML/]
  ])('fails with %s, and says where', (_, bad, sentence) => {
    writeFileSync(join(clone, 'lakeside.yml'), good);
    writeFileSync(join(clone, 'team a', 'lakeside.yml'), bad);
    const { status, said } = run(commands);
    expect(said).toMatch(sentence);
    expect(said).toContain('lakeside.yml: 1 schedule, all right');
    expect(status).toBe(123);
  });
});
