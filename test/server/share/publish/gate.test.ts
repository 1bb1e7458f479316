import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { PublishRequest } from '../../../../contract/share/index.js';
import type { Log } from '../../../../server/ports.js';
import { MARK } from '../../../../server/share/gate/mask.js';
import { localRenderer } from '../../../support/rendering.js';
import { ada, never, notebook, shareHome, type ProcessOptions } from '../../../support/share/home.js';

const password = 'Winter' + '2031!';
const token = ['gh', 'p_', 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6'].join('');
const long = (text: string) => `${text}\n${'x'.repeat(40_000)}`;

/** Secrets in the title, in prose, code, output (a blob of its own) and encoded. */
const leaky = (more: string[] = []) =>
  notebook([
    `# Report of ${token}\nSee ${token}.`,
    { source: `connect(password="${password}")`, output: long(`password: ${password}`) },
    { source: `b64decode("${Buffer.from(`token = ${token}`).toString('base64')}")`, output: 'ok' },
    ...more
  ]);

const forms = [password, token, encodeURIComponent(password), Buffer.from(`token = ${token}`).toString('base64')];

function recorder(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const write = (fields: object, message: string): void => {
    const plain = Object.entries(fields as Record<string, unknown>).map(([name, value]) => [
      name,
      value instanceof Error ? (value.stack ?? '') : value
    ]);
    lines.push(`${message} ${JSON.stringify(Object.fromEntries(plain))}`);
  };
  return { lines, log: { debug: write, info: write, warn: write, error: write } };
}

function start(options: ProcessOptions & { text?: string } = {}) {
  const home = shareHome();
  const { text = leaky(), ...rest } = options;
  home.write('a.ipynb', text);
  const { log, lines } = recorder();
  const p = home.start({ renderer: localRenderer(), log, ...rest });
  return { home, p, lines };
}

/** Every object of the archive as text, unpacked. */
async function archived(home: ReturnType<typeof shareHome>): Promise<string> {
  const texts: string[] = [];
  for await (const name of home.store.keys('')) {
    const bytes = Buffer.from((await home.store.get(name)) ?? []);
    texts.push(name, (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8'));
  }
  return texts.join('\n');
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(name => statSync(name).isFile());
}

async function scan(p: ReturnType<typeof start>['p']) {
  return p.service.scan(ada, { path: 'a.ipynb', source: { kind: 'file' } }, never);
}

test('secrets are replaced in what is published; the file stays as it is', async () => {
  const { home, p } = start();
  const before = home.read('a.ipynb');
  const result = await p.share('a.ipynb');
  expect(result).toMatchObject({ outcome: 'created', title: `Report of ${MARK}` });
  expect(result.secrets?.redacted).toBeGreaterThanOrEqual(5);
  expect(result.notes.join()).toMatch(/possible secrets were redacted/);
  expect(home.read('a.ipynb')).toBe(before);
  const text = await archived(home);
  for (const form of forms) expect(text).not.toContain(form);
  expect(text).toContain(MARK);
  const manifest = await p.archive.head(result.notebookId);
  expect(manifest?.secrets).toEqual({ redacted: result.secrets?.redacted, kept: [] });
});

test('no secret is in a log, an event, a job, the state, an answer or an address', async () => {
  const { home, p, lines } = start();
  const report = await scan(p);
  const job = await p.shareJob('a.ipynb');
  home.write('a.ipynb', leaky(['more']));
  const again = await p.shareJob('a.ipynb', { title: 'Plain' });
  home.write('broken.ipynb', `{"cells": [{"source": "${password} ${token}"`);
  const broken = await p.shareJob('broken.ipynb');
  expect(broken.problem?.code).toBe('not-a-notebook');
  const state = await p.service.state(ada, { path: 'a.ipynb' });
  const events = [];
  for (const { id } of [job, again, broken])
    for await (const event of p.jobs.events(ada, id, 0, never)) events.push(event);
  const told = JSON.stringify([report, job, again, broken, state, events, lines, home.puts]);
  p.state.close();
  const rows = files(home.folder)
    .filter(name => name.includes('state.db'))
    .map(name => readFileSync(name, 'latin1'))
    .join();
  expect(rows.length).toBeGreaterThan(1000);
  for (const form of forms) {
    expect(told).not.toContain(form);
    expect(rows).not.toContain(form);
  }
});

test('while a share is under way, no secret is in its row', async () => {
  const rows: string[] = [];
  const { home, p } = start({
    failPoint: name => {
      if (!name.startsWith('share:')) return;
      rows.push(
        ...files(home.folder)
          .filter(file => file.includes('state.db'))
          .map(file => readFileSync(file, 'latin1'))
      );
    }
  });
  await p.share('a.ipynb');
  expect(rows.length).toBeGreaterThan(20);
  for (const form of forms) expect(rows.join()).not.toContain(form);
});

test('a shared notebook is up to date, and sharing it again writes nothing', async () => {
  const { home, p } = start();
  const first = await p.share('a.ipynb');
  expect((await p.service.state(ada, { path: 'a.ipynb' })).state).toBe('up-to-date');
  home.puts.length = 0;
  expect(await p.share('a.ipynb')).toMatchObject({ outcome: 'unchanged', versionId: first.versionId });
  expect(home.puts).toEqual([]);
  home.write('a.ipynb', leaky(['more']));
  expect((await p.service.state(ada, { path: 'a.ipynb' })).state).toBe('changed');
});

test('the content hash of a copy tells nothing of the secret', async () => {
  const text = (secret: string) => notebook([{ source: `password = "${secret}"`, output: '' }]);
  const { home, p } = start({ text: text('Sesame-1') });
  const one = await p.share('a.ipynb');
  home.write('b.ipynb', text('Sesame-2'));
  expect((await p.share('b.ipynb')).contentHash).toBe(one.contentHash);
});

test('what is no secret is remembered for this notebook, with its reason, and can be taken back', async () => {
  const text = notebook([{ source: `password = "${password}"`, output: '' }]);
  const { home, p } = start({ text });
  const [finding] = (await scan(p)).findings;
  const { fingerprint } = finding!;
  const first = await p.share('a.ipynb', {
    findings: [{ fingerprint, action: 'not-a-secret', reason: 'the door of the sandbox' }]
  });
  expect(first.secrets).toEqual({ redacted: 0, kept: 1 });
  expect(await archived(home)).toContain(password);
  expect((await p.archive.head(first.notebookId))?.secrets?.kept).toEqual([
    { fingerprint, rule: 'password', as: 'not-a-secret', reason: 'the door of the sandbox' }
  ]);
  expect((await scan(p)).findings[0]?.remembered).toMatchObject({ reason: 'the door of the sandbox', by: 'ada' });
  expect((await p.share('a.ipynb')).outcome).toBe('unchanged');
  expect((await p.service.state(ada, { path: 'a.ipynb' })).state).toBe('up-to-date');

  home.write('b.ipynb', text);
  expect((await p.share('b.ipynb')).secrets).toEqual({ redacted: 1, kept: 0 });

  const back = await p.share('a.ipynb', { findings: [{ fingerprint, action: 'redact' }] });
  expect(back).toMatchObject({ outcome: 'updated', versionNumber: 2, secrets: { redacted: 1, kept: 0 } });
  expect((await scan(p)).findings[0]?.remembered).toBeUndefined();
  expect((await p.service.state(ada, { path: 'a.ipynb' })).state).toBe('up-to-date');
});

test('a secret published with a reason stands in that version only', async () => {
  const { home, p } = start({ text: notebook([{ source: `password = "${password}"`, output: '' }]) });
  const { fingerprint } = (await scan(p)).findings[0]!;
  const findings = [{ fingerprint, action: 'publish', reason: 'changed already' }];
  const first = await p.share('a.ipynb', { findings });
  expect(await archived(home)).toContain(password);
  expect((await p.archive.head(first.notebookId))?.secrets?.kept).toMatchObject([{ as: 'published' }]);
  home.write('a.ipynb', notebook([{ source: `password = "${password}"\n`, output: 'more' }]));
  expect((await p.share('a.ipynb')).secrets).toEqual({ redacted: 1, kept: 0 });
});

test('where it is not allowed, publishing is refused before anything is stored', async () => {
  const { home, p } = start({ mayPublishSecrets: false });
  const report = await scan(p);
  expect(report.mayPublish).toBe(false);
  const findings = [{ fingerprint: report.findings[0]!.fingerprint, action: 'publish', reason: 'because' }];
  await expect(p.share('a.ipynb', { findings })).rejects.toMatchObject({ code: 'forbidden' });
  expect(p.jobs.list(ada, { active: false, limit: 5 })).toEqual([]);
  expect(home.puts).toEqual([]);
});

test.each([
  ['title', { title: `About ${token}` }],
  ['tags.1', { tags: ['ok', token] }],
  ['groups.0', { groups: [token] }],
  ['findings.0.reason', { findings: [{ fingerprint: 'a'.repeat(24), action: 'publish', reason: `it is ${token}` }] }]
])('a secret in %s is refused by name, without repeating it, before anything is stored', async (field, more) => {
  const { p } = start({ text: notebook(['# A']) });
  const error: unknown = await p.share('a.ipynb', more).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ProblemError);
  const problem = (error as ProblemError).toProblem();
  expect(problem).toMatchObject({ code: 'invalid', errors: [{ field }] });
  expect(JSON.stringify(problem)).not.toContain(token);
  expect(p.jobs.list(ada, { active: false, limit: 5 })).toEqual([]);
});

test('a value in use is found in the notebook and in the title', async () => {
  const live = [{ name: '.pgpass for db', value: 'correct-horse-9' }];
  const { home, p } = start({ text: notebook(['# A', { source: 'x', output: 'say correct-horse-9' }]), live });
  expect((await scan(p)).findings).toMatchObject([
    { severity: 'certain', label: 'Your current secret from .pgpass for db' }
  ]);
  await expect(p.share('a.ipynb', { title: 'correct-horse-9' })).rejects.toMatchObject({ code: 'invalid' });
  await p.share('a.ipynb');
  expect(await archived(home)).not.toContain('correct-horse-9');
});

test.each(['share:identified', 'share:scanned', 'share:passed', 'share:intent-stored', 'share:manifest-stored'])(
  'dead at %s: another process publishes the copy, never the secret',
  async at => {
    const home = shareHome();
    home.write('a.ipynb', leaky());
    const opId = home.ids.next();
    await new Promise<void>(reached => {
      const p = home.start({
        renderer: localRenderer(),
        failPoint: name => {
          if (name !== at) return undefined;
          reached();
          return new Promise<never>(() => undefined);
        }
      });
      void p.service.publish(ada, PublishRequest.parse({ opId, path: 'a.ipynb' }));
    });
    home.kill({ instance: 'p1' });
    const other = home.start({ renderer: localRenderer() });
    expect(other.jobs.reconcile(ada)).toBe(1);
    const job = await other.finish(other.jobs.get(ada, opId), ada);
    expect(job.problem).toBeUndefined();
    expect(job.result).toMatchObject({ outcome: 'created', title: `Report of ${MARK}` });
    const text = await archived(home);
    for (const form of forms) expect(text).not.toContain(form);
    expect((await other.service.state(ada, { path: 'a.ipynb' })).state).toBe('up-to-date');
  }
);
