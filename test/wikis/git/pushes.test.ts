import { execFile } from 'node:child_process';
import { chmodSync, globSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createIds } from '../../../server/ids.js';
import { publishToWiki, type WikiRecord } from '../../../server/share/wiki/publish.js';
import { regionMarks } from '../../../server/share/wiki/region.js';
import type { WikiAttachment, WikiPage, WikiTarget } from '../../../server/share/wiki/ports.js';
import { dose } from '../../support/dose.js';
import { scratch } from '../../support/scratch.js';
import { gitPeople, type GitPeople } from '../../support/wikis/gitPeople.js';
import { startGitWiki, type GitWikiServer } from '../../support/wikis/gitServer.js';
import { gitTarget, machine } from '../../support/wikis/gitTarget.js';

const ids = createIds(systemClock);
const bodyOf = (marker: string, text: string): string => {
  const { begin, end } = regionMarks('commonmark', marker);
  return `${begin}\n${text}\n${end}\n`;
};
const make = (target: WikiTarget, title: string, marker = ids.next()): Promise<WikiPage> =>
  target.create({ title, body: bodyOf(marker, 'First.'), summary: 'Shared from Lakeside' });

let server: GitWikiServer;
let people: GitPeople;
beforeAll(async () => {
  server = await startGitWiki();
  people = await gitPeople(server);
});
afterAll(async () => {
  await people.close();
  await server.stop();
});

function attachment(): WikiAttachment {
  const bytes = randomBytes(3000);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = join(scratch(), sha256);
  writeFileSync(file, bytes);
  return { name: `nb-${sha256.slice(0, 16)}.png`, type: 'image/png', sha256, size: bytes.length, file };
}

describe('a push', () => {
  it('that comes second is refused, put upon the first and tried again: no line is lost', async () => {
    const { runs } = dose('rounds of pushes at once', { ci: 5, full: 50 });
    const machines = [machine(), machine(), machine()];
    const targets = machines.flatMap(cacheDirectory => [
      gitTarget(server, 'gitea', { cacheDirectory }),
      gitTarget(server, 'gitea', { cacheDirectory })
    ]);
    const pages = await Promise.all(targets.map((target, at) => make(target, `At once ${at}`)));
    await people.add('Log.md', '');
    const wanted: string[] = [];
    for (let round = 0; round < runs; round++) {
      const line = `person-${round}`;
      wanted.push(line);
      const [, ...written] = await Promise.all([
        people.edit('Log.md', body => `${body}${line}\n`),
        ...targets.map(async (target, at) => {
          const page = pages[at]!;
          const body = page.body.replace(/\n<!-- lakeside:end/, `\nLine ${round} of ${at}.$&`);
          return target.write(page.id, { base: page.version, body, summary: 'Round' });
        })
      ]);
      written.forEach((page, at) => (pages[at] = page));
    }
    const now = await people.pages();
    expect(now.get('Log.md')?.trim().split('\n')).toEqual(wanted);
    for (const [at, page] of pages.entries()) {
      const lines = now.get(`At-once-${at}.md`)?.match(/^Line .*$/gm);
      expect(lines).toEqual(Array.from({ length: runs }, (_, round) => `Line ${round} of ${at}.`));
      expect(now.get(`At-once-${at}.md`)).toBe(page.body);
    }
  });

  it('never goes over an edit of the same page that nobody saw yet', async () => {
    const target = gitTarget(server, 'gitea');
    const page = await make(target, 'Same page');
    await Promise.all([
      people.edit(page.id, body => `A person was here.\n\n${body}`),
      target
        .write(page.id, { base: page.version, body: page.body.replace('First.', 'Second.'), summary: 'Race' })
        .catch((error: unknown) => expect(error).toMatchObject({ code: 'target-conflict' }))
    ]);
    expect((await target.read(page.id))?.body).toContain('A person was here.');
  });

  it('carries text and figures as one commit, of the person and by Lakeside', async () => {
    const target = gitTarget(server, 'gitlab');
    const page = await make(target, 'One commit');
    const [one, two] = [attachment(), attachment()];
    const before = server.commits();
    const body = page.body.replace('First.', 'With figures.');
    const change = { base: page.version, body, summary: 'Updated from Lakeside', attachments: [one, two] };
    const written = await target.writeWith!(page.id, change, { author: 'Grace <Hopper>\nx' });
    expect(server.commits()).toBe(before + 1);
    expect(server.git('log', '-1', '--format=%an|%ae|%cn|%s', 'main').trim()).toBe(
      'Grace Hopper x|lakeside@example.org|Lakeside|Updated from Lakeside'
    );
    for (const { name, file } of [one, two])
      expect((await people.file(`uploads/lakeside/${name}`))?.equals(readFileSync(file))).toBe(true);
    expect(written.editor).toBe('Grace Hopper x');

    await target.writeWith!(page.id, { ...change, base: written.version });
    expect(server.commits()).toBe(before + 1);
  });

  it('is one for a changed figure, none for nothing, and brings back a figure that somebody deleted', async () => {
    const target = gitTarget(server, 'gitlab');
    const marker = ids.next();
    let record: WikiRecord | undefined;
    const share = async (attachments: WikiAttachment[]): Promise<string> => {
      const before = server.commits();
      const region = bodyOf(marker, attachments.map(each => `![](uploads/lakeside/${each.name})`).join('\n')).trimEnd();
      const { outcome, uploads, edits } = await publishToWiki({
        target,
        dialect: 'commonmark',
        marker,
        place: { title: 'Figures' },
        region,
        renderedHash: createHash('sha256').update(region).digest('hex'),
        attachments,
        record,
        answer: undefined,
        save: next => {
          record = next;
        },
        failPoint: () => undefined
      });
      return `${outcome}: ${uploads} uploads, ${edits} edits, ${server.commits() - before} commits`;
    };
    const [one, two, other] = [attachment(), attachment(), attachment()];
    expect(await share([one, two])).toBe('created: 2 uploads, 2 edits, 2 commits');
    expect(await share([one, two])).toBe('unchanged: 0 uploads, 0 edits, 0 commits');
    expect(await share([one, other])).toBe('updated: 1 uploads, 1 edits, 1 commits');
    await people.remove(`uploads/lakeside/${one.name}`);
    expect(await share([one, other])).toBe('updated: 1 uploads, 0 edits, 1 commits');
    expect((await people.file(`uploads/lakeside/${one.name}`))?.equals(readFileSync(one.file))).toBe(true);
  });

  it('that a rule of the site refuses says why', async () => {
    const target = gitTarget(server, 'gitea');
    const page = await make(target, 'Guarded');
    server.hook('echo "This wiki is closed until Monday." >&2; exit 1');
    onTestFinished(() => server.hook('exit 0'));
    const attempt = target.write(page.id, { base: page.version, body: bodyOf(ids.next(), 'x'), summary: 'x' });
    await expect(attempt).rejects.toMatchObject({
      code: 'target-forbidden',
      message: expect.stringContaining('closed until Monday')
    });
  });
});

describe('an account', () => {
  it('that may only read is told so, with the cure', async () => {
    const target = gitTarget({ ...server, robot: server.reader }, 'gitea');
    const { lacks, features } = await target.check();
    expect(lacks).toEqual([expect.stringMatching(/may read Lab wiki and not push.*right to write/)]);
    expect(features.compareAndSet).toBe('exact');
    await expect(make(target, 'Not mine')).rejects.toMatchObject({ code: 'target-forbidden' });
  });

  it('that the site does not know is told so', async () => {
    const target = gitTarget({ ...server, robot: { user: 'nobody', token: 'wrong-token' } }, 'gitea');
    const failure = await target.check().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'target-signin', message: expect.stringContaining('token') });
    expect(JSON.stringify(failure) + String((failure as Error).stack)).not.toContain('wrong-token');
  });

  it('shows its token in no argument, address or file', async () => {
    const folder = scratch();
    const log = join(folder, 'words');
    const real = (await promisify(execFile)('sh', ['-c', 'command -v git'])).stdout.trim();
    writeFileSync(join(folder, 'git'), `#!/bin/sh\nprintf '%s\\n' "$@" >> ${log}\nexec ${real} "$@"\n`);
    chmodSync(join(folder, 'git'), 0o755);
    const cacheDirectory = machine();
    const path = `${folder}:${process.env['PATH'] ?? ''}`;
    const target = gitTarget(server, 'gitea', { cacheDirectory, environment: { PATH: path } });
    const page = await make(target, 'No traces');
    await target.write(page.id, { base: page.version, body: page.body.replace('First', 'Next'), summary: 'x' });
    const traces = [server.robot.token, Buffer.from(`${server.robot.user}:${server.robot.token}`).toString('base64')];
    const files = globSync('**', { cwd: cacheDirectory }).filter(each => statSync(join(cacheDirectory, each)).isFile());
    const texts = [readFileSync(log, 'utf8'), ...files.map(each => readFileSync(join(cacheDirectory, each), 'latin1'))];
    expect(texts[0]).toContain('push');
    expect(files.length).toBeGreaterThan(3);
    for (const trace of traces) {
      for (const text of texts) expect(text).not.toContain(trace);
      expect(server.requests.join('\n')).not.toContain(trace);
    }
  });
});

describe('the copy on this machine', () => {
  const copyIn = (cacheDirectory: string): string =>
    join(cacheDirectory, globSync('git-*', { cwd: cacheDirectory }).filter(each => !each.includes('.'))[0]!);

  const emptied = (folder: string): void => {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
  };

  it.each<[string, (copy: string) => void]>([
    ['is gone', copy => rmSync(copy, { recursive: true })],
    ['is empty', emptied],
    ['has lost its objects', copy => emptied(join(copy, 'objects'))],
    ['has a torn HEAD', copy => truncateSync(join(copy, 'HEAD'))],
    ['has a lock of git that a crash left', copy => writeFileSync(join(copy, 'shallow.lock'), '')],
    ['has an index that a crash left', copy => writeFileSync(join(copy, 'lakeside-index.lock'), '')],
    ['has a lock of a process that is gone', copy => writeFileSync(`${copy}.lock`, `999999999 ${hostname()} x`)]
  ])('heals where it %s', async (name, harm) => {
    const cacheDirectory = machine();
    const before = gitTarget(server, 'gitea', { cacheDirectory });
    const page = await make(before, `Healing ${name}`);
    harm(copyIn(cacheDirectory));
    const body = page.body.replace('First.', 'Healed.');
    for (const target of [before, gitTarget(server, 'gitea', { cacheDirectory })])
      expect(
        (await target.write(page.id, { base: (await target.read(page.id))!.version, body, summary: 'x' })).body
      ).toBe(body);
  });

  it('brings only the newest state, then what comes since', async () => {
    const cacheDirectory = machine();
    const target = gitTarget(server, 'gitea', { cacheDirectory });
    await make(target, 'Shallow');
    const how = ['--git-dir', copyIn(cacheDirectory), 'rev-list', '--count', 'refs/lakeside/wiki'];
    expect(Number((await promisify(execFile)('git', how)).stdout)).toBeLessThan(4);
    expect(server.commits()).toBeGreaterThan(4);
  });
});

describe('pages', () => {
  it('are made in a wiki that has none yet', async () => {
    const empty = await startGitWiki({ isEmpty: true });
    onTestFinished(() => empty.stop());
    const target = gitTarget(empty, 'gitlab');
    expect((await target.check()).lacks).toEqual([]);
    expect(await target.find(ids.next(), {})).toEqual([]);
    const page = await make(target, 'The very first');
    expect(empty.git('ls-tree', '-r', '--name-only', 'main').trim()).toBe('The-very-first.md');
    expect(await target.read(page.id)).toEqual(page);
  });

  it('are found where the site gave its branch another name, and a wrong name is told', async () => {
    const renamed = await startGitWiki();
    onTestFinished(() => renamed.stop());
    const target = gitTarget(renamed, 'gitea');
    const page = await make(target, 'Moving');
    renamed.git('branch', '-m', 'main', 'trunk');
    renamed.git('symbolic-ref', 'HEAD', 'refs/heads/trunk');
    expect(await target.read(page.id)).toMatchObject({ body: page.body });
    await target.write(page.id, { base: page.version, body: page.body.replace('First', 'Next'), summary: 'x' });
    expect(renamed.git('for-each-ref', '--format=%(refname)').trim()).toBe('refs/heads/trunk');
    const { lacks } = await gitTarget(renamed, 'gitea', { more: { branch: 'main' } }).check();
    expect(lacks).toEqual([expect.stringMatching(/on the branch trunk.*Correct "branch"/)]);
  });

  it('lie in folders and below others in GitLab, and titles that no path holds stand in the front matter', async () => {
    const target = gitTarget(server, 'gitlab', { more: { folder: 'notebooks' } });
    const marker = ids.next();
    const page = await make(target, 'Delays: 2013-01 / "late"', marker);
    expect(page.title).toBe('Delays: 2013-01 / "late"');
    expect(page.url).toBe(`${server.base}/team/lab/-/wikis/notebooks/Delays-2013-01-late`);
    expect(page.space).toBe('notebooks');
    expect((await people.pages()).get('notebooks/Delays-2013-01-late.md')).toMatch(/^---\ntitle: "Delays/);
    const below = await target.create({
      title: 'Below',
      parent: page.id,
      body: bodyOf(ids.next(), 'x'),
      summary: 'x'
    });
    expect(below.url).toBe(`${server.base}/team/lab/-/wikis/notebooks/Delays-2013-01-late/Below`);
    expect((await target.spaces('late')).map(each => each.id)).toEqual(['notebooks/Delays-2013-01-late']);
    const top = await target.create({ title: 'On top', space: '/', body: bodyOf(ids.next(), 'x'), summary: 'x' });
    expect(top.url).toBe(`${server.base}/team/lab/-/wikis/On-top`);
    await expect(target.create({ title: 'Nowhere', space: 'no/such', body: 'x', summary: 'x' })).rejects.toMatchObject({
      code: 'target-not-found'
    });
  });

  it('of which a person made a copy are told apart by their titles', async () => {
    const target = gitTarget(server, 'gitea');
    const marker = ids.next();
    const page = await make(target, 'Original', marker);
    await people.add('Copied.md', `${page.body}\nMine.\n`);
    expect((await target.find(marker, {})).map(each => each.title).sort()).toEqual(['Copied', 'Original']);
    const [found, ...rest] = await target.find(marker, { pageId: page.id, title: 'Original', space: page.space });
    expect([found?.title, rest]).toEqual(['Original', []]);
    await target.write(found!.id, { base: found!.version, body: bodyOf(marker, 'Written.'), summary: 'x' });
    expect((await people.pages()).get('Copied.md')).toBe(`${page.body}\nMine.\n`);
  });

  it('that are not UTF-8 are left alone', async () => {
    const target = gitTarget(server, 'gitea');
    const marker = ids.next();
    await people.add('Latin.md', Buffer.from(`${bodyOf(marker, 'x')}Gr\u00fc\u00dfe\n`, 'latin1'));
    await expect(target.find(marker, {})).rejects.toMatchObject({ message: expect.stringContaining('UTF-8') });
  });

  it('keep what a person wrote around the region, byte for byte', async () => {
    const target = gitTarget(server, 'gitea');
    const marker = ids.next();
    const [above, below] = ['\ufeffTop\t \r\nsecond\r\n\r\n', '\n\n  below, without an end'] as const;
    await people.add('Bytes.md', above + bodyOf(marker, 'x').trimEnd() + below);
    const [page] = await target.find(marker, {});
    const body = page!.body.replace('\nx\n', '\ny\n');
    await target.write(page!.id, { base: page!.version, body, summary: 'x' });
    expect((await people.file('Bytes.md'))?.toString('utf8')).toBe(above + bodyOf(marker, 'y').trimEnd() + below);
  });
});
