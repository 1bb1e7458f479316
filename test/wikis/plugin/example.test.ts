import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../../../contract/routes.js';
import { createApp } from '../../../server/app.js';
import { composeSidecar } from '../../../server/compose.js';
import { composeIds } from '../../../server/composeIds.js';
import { composeWikis, type ComposedWikis } from '../../../server/composeWikis.js';
import { readConfig } from '../../../server/config.js';
import { programs } from '../../support/programs.js';
import { silent } from '../../support/share/home.js';
import { wikiTargetSuite } from '../../support/wikiTargetSuite.js';
import { installExample, type Installed } from './installed.js';

let installed: Installed;
const open: ComposedWikis[] = [];

beforeAll(async () => {
  installed = await installExample();
});
afterAll(async () => {
  await Promise.all(open.map(wikis => wikis.close()));
  rmSync(installed.folder, { recursive: true, force: true });
});

/** A program outside the repository, with nothing of this one's environment. */
async function outside(cwd: string, words: string[]): Promise<{ code: number; out: string }> {
  const env = { PATH: process.env['PATH'], HOME: installed.home, LAKESIDE_HOME: join(installed.home, 'lakeside') };
  return promisify(execFile)(process.execPath, words, { env, cwd, maxBuffer: 1e8 }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout + stderr };
    }
  );
}

describe('the kit, installed outside the repository', () => {
  test('brings the suite, which the example passes by itself', async () => {
    const report = join(installed.folder, 'report.json');
    const vitest = join(installed.author, 'node_modules', 'vitest', 'vitest.mjs');
    const { code, out } = await outside(installed.author, [vitest, 'run', '--reporter=json', `--outputFile=${report}`]);
    expect(code, out).toBe(0);
    const counts = JSON.parse(readFileSync(report, 'utf8')) as { numFailedTests: number; numPassedTests: number };
    expect(counts.numFailedTests).toBe(0);
    expect(counts.numPassedTests).toBeGreaterThanOrEqual(20);
  });

  test('brings the types, by which the example and its test check', async () => {
    const { scripts } = JSON.parse(readFileSync(join(installed.author, 'package.json'), 'utf8')) as {
      scripts: { types: string };
    };
    const files = ['index.js', 'wiki.js', 'pages.js', 'test/wiki.test.js'];
    const words = scripts.types.split(' ').filter(word => word !== 'tsc' && !word.endsWith('*.js'));
    const compiler = resolve('node_modules/typescript/bin/tsc');
    const well = await outside(installed.author, [compiler, ...words, ...files]);
    expect(well).toEqual({ code: 0, out: '' });

    writeFileSync(
      join(installed.author, 'wrong.js'),
      "import { definePlugin, z } from '@lakeside/plugin-kit';\nexport default definePlugin({ kind: 'wiki-target', id: 'x', config: z.object({ n: z.number() }), create: async ({ m }) => m });\n"
    );
    const wrong = await outside(installed.author, [compiler, ...words, 'wrong.js']);
    expect(wrong.out).toContain("Property 'm' does not exist on type '{ n: number; }'");
  });
});

describe('the example, installed beside a configuration that names it', () => {
  const wikis = async (): Promise<ComposedWikis> => {
    const made = await composeWikis({ config: readConfig('cli', { HOME: installed.home }), log: silent, programs });
    open.push(made);
    return made;
  };

  wikiTargetSuite('the example in its own process, behind the guard', async () => {
    const { wiki, pages } = installed;
    async function change(id: string, more: object): Promise<void> {
      const { version, id: _, space: __, ...content } = (await pages.readPage(wiki, id))!;
      expect(await pages.addVersion(wiki, id, version, { ...content, editor: 'Ada', ...more })).toBe(true);
    }
    return {
      target: await (await wikis()).open('notes'),
      other: await (await wikis()).open('notes'),
      edit: async (id, edit) => change(id, { body: edit((await pages.readPage(wiki, id))!.body) }),
      rename: (id, title) => change(id, { title }).then(() => id),
      remove: id => change(id, { deleted: true }),
      restore: ({ id }) => change(id, { deleted: false }),
      async add(title, body) {
        await pages.addVersion(wiki, pages.idOf('home', title, 0), 0, { title, body, editor: 'Ada', at: '' });
      },
      file: (id, name) => readFile(pages.attachmentOf(wiki, id, name)).catch(() => undefined),
      dispose: async () => undefined
    };
  });

  test('gets a notebook from the command line, with its figures, and keeps what a person writes', async () => {
    const { folder, wiki, pages } = installed;
    const lakeside = (...words: string[]) => outside(folder, [join(programs, 'cli.js'), ...words]);
    copyFileSync('examples/least-squares-and-the-bootstrap.ipynb', join(folder, 'a.ipynb'));
    const first = await lakeside('share', 'a.ipynb', '--to', 'notes', '--space', 'lab', '--json');
    expect(first).toMatchObject({ code: 0 });
    const { wiki: made } = JSON.parse(first.out) as { wiki: { url: string; uploads: number } };
    expect(made).toMatchObject({ target: 'notes', outcome: 'created', uploads: 5, edits: 2 });
    expect(made.url).toMatch(/^https:\/\/notes\.example\.org\/lab\/[0-9a-f]{20}\.page\/$/);

    const id = new URL(made.url).pathname.slice(1, -'.page/'.length);
    const page = (await pages.readPage(wiki, id))!;
    expect(page.body).toContain('slope of BMI alone 10.2');
    const pictures = [...page.body.matchAll(/attachments\/(nb-([0-9a-f]+)\.\w+)/g)];
    expect(new Set(pictures.map(([, name]) => name)).size).toBe(5);
    for (const [, name, hash] of pictures) {
      const bytes = readFileSync(pages.attachmentOf(wiki, id, name!));
      expect(createHash('sha256').update(bytes).digest('hex').startsWith(hash!)).toBe(true);
    }
    expect((await lakeside('share', 'a.ipynb', '--to', 'notes')).out).toContain('Page already up to date');

    await pages.addVersion(wiki, id, page.version, { ...page, editor: 'Ada', body: `Read by Ada.\n\n${page.body}` });
    const text = readFileSync(join(folder, 'a.ipynb'), 'utf8');
    writeFileSync(join(folder, 'a.ipynb'), text.replaceAll('slope of BMI alone', 'slope of BMI by itself'));
    expect(await lakeside('share', 'a.ipynb', '--to', 'notes')).toMatchObject({ code: 0 });
    const now = (await pages.readPage(wiki, id))!;
    expect(now.body).toMatch(/^Read by Ada\.\n\n[^]*slope of BMI by itself/);
    expect(readdirSync(join(wiki, 'lab'))).toEqual([`${id.slice('lab/'.length)}.page`]);

    const doctor = await lakeside('doctor');
    expect(doctor.out).toMatch(/✓ plug-in lakeside-wiki-folder lakeside-wiki-folder 1\.0\.0 from /);
    expect(doctor.out).toMatch(/✓ wiki notes {3}Folder of Markdown files .*, as Lakeside/);
    expect(doctor.out).toMatch(/✗ plug-in lakeside-missing .*it is not installed/);
    expect(doctor.out).toMatch(/✗ wiki lost .*no plug-in for targets of the kind lost/);
  });

  test('gets a notebook through the API of the sidecar, which a broken one beside it does not disturb', async () => {
    const rootDir = join(installed.folder, 'notebooks');
    mkdirSync(rootDir);
    copyFileSync('examples/when-to-visit-seattle.ipynb', join(rootDir, 'b.ipynb'));
    const secret = 'x'.repeat(43);
    const ids = composeIds();
    const config = readConfig('sidecar', { HOME: installed.home, LAKESIDE_HOME: join(installed.home, 'sidecar') });
    const boot = { secret, rootDir, allowHidden: false };
    const services = await composeSidecar({ config, log: silent, ids, programs, boot });
    try {
      const app = createApp({
        secret,
        handlers: () => Promise.resolve(services.handlers),
        pages: undefined,
        health: { ready: () => true },
        ids,
        log: silent,
        checkAnswers: true
      });
      const headers = { 'X-Lakeside-Secret': secret, 'X-Lakeside-User': 'ada' };
      const listed = await request(app).get(`/api/v1${routes.share.targets.path}`).set(headers);
      expect((listed.body as { targets: { id: string }[] }).targets.map(({ id }) => id)).toEqual([
        'library',
        'notes',
        'lost'
      ]);
      const share = async (target: string): Promise<string> => {
        const opId = ids.next();
        const body = { opId, path: 'b.ipynb', target };
        const started = await request(app).post(`/api/v1${routes.share.publish.path}`).set(headers).send(body);
        expect(started.status).toBe(202);
        return (await request(app).get(`/api/v1/jobs/${opId}/events`).set(headers)).text;
      };
      expect(await share('lost')).toMatch(/lakeside-missing cannot be used.*"code":"target-failed"/);
      expect(await share('notes')).toMatch(/"url":"https:\/\/notes\.example\.org\/home\//);
    } finally {
      await services.close();
    }
  });
});
