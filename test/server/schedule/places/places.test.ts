import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { createManualClock } from '../../../../server/adapters/memory/clock.js';
import { readConfig } from '../../../../server/config.js';
import { composePlaces } from '../../../../server/composePlaces.js';
import { createIds } from '../../../../server/ids.js';
import type { Caller } from '../../../../server/ports.js';
import { createPlacedFiles } from '../../../../server/schedule/places/files.js';
import { createRunPlaces } from '../../../../server/schedule/places/places.js';
import { openLibraryHome } from '../../../support/libraryHome.js';
import { notebookBytes, notebookOf, codeCell } from '../../../support/notebooks.js';
import { scheduleFiles } from '../../../support/schedule/home.js';
import { memoryBuckets } from '../../../support/schedule/places.js';
import { silent } from '../../../support/share/home.js';
import { scratch } from '../../../support/scratch.js';

const ada: Caller = { name: 'ada', groups: [], via: 'system' };
const bob: Caller = { name: 'bob', groups: [], via: 'system' };
const DAY = 86_400_000;
const notebook = notebookBytes(notebookOf([codeCell('print(1)')]));

let folder: string;
beforeEach(() => {
  folder = scratch('lakeside-places');
});

function empty(name: string): string {
  const made = join(folder, name);
  mkdirSync(made);
  return made;
}

/** Places with a real Library, and what the configuration file says of buckets. */
async function withLibrary(lines: readonly string[] = []) {
  const library = await openLibraryHome();
  onTestFinished(library.dispose);
  mkdirSync(join(folder, 'lakeside'));
  if (lines.length > 0) writeFileSync(join(folder, 'lakeside', 'config.yml'), lines.join('\n'));
  const config = readConfig('cli', { HOME: folder, LAKESIDE_HOME: join(folder, 'home'), XDG_CONFIG_HOME: folder });
  const places = composePlaces({ config, log: silent, programs: '', library: library.service });
  onTestFinished(() => places.close());
  return { ...library, places };
}

const sourceOf = (file: string) =>
  (JSON.parse(readFileSync(file, 'utf8')) as { cells: { source: string }[] }).cells.map(({ source }) => source);

describe('a notebook of the Library', () => {
  it('is the newest version, or the one that is named, and says which it was', async () => {
    const { share, places } = await withLibrary();
    const first = await share(['x = 1'], { title: 'Delays: 2013/9' });
    const second = await share(['x = 2'], { notebookId: first.notebookId, parent: first.versionId });
    const at = `share://${first.notebookId}`;

    const newest = await places.fetch(bob, at, empty('newest'));
    expect(newest.source).toBe(`${at}@${second.versionId}`);
    expect(sourceOf(newest.file).join()).toContain('x = 2');
    expect(JSON.parse(readFileSync(newest.file, 'utf8'))).not.toHaveProperty('metadata.lakeside.id');

    const byNumber = await places.fetch(bob, `${at}@1`, empty('number'));
    expect(byNumber.source).toBe(`${at}@${first.versionId}`);
    expect(sourceOf(byNumber.file).join()).toContain('x = 1');
    const byId = await places.fetch(bob, `${at}@${first.versionId}`, empty('id'));
    expect(readFileSync(byId.file)).toEqual(readFileSync(byNumber.file));
  });

  it('is refused where it is deleted, private, unknown or has no such version, and nothing is left', async () => {
    const { share, places, service, ids } = await withLibrary();
    const own = await share(['x = 1'], { isPrivate: true });
    const gone = await share(['x = 1']);
    await service.delete(ada, gone.notebookId);
    const into = empty('into');
    const refused = (caller: Caller, reference: string) =>
      expect(places.fetch(caller, reference, into)).rejects.toMatchObject({ code: 'invalid' });

    await refused(bob, `share://${own.notebookId}`);
    await refused(ada, `share://${own.notebookId}@2`);
    await refused(ada, `share://${gone.notebookId}`);
    await refused(bob, `share://${gone.notebookId}`);
    await refused(ada, `share://${ids.next()}`);
    await expect(places.fetch(ada, `share://${gone.notebookId}`, into)).rejects.toThrow('Restore it there first');
    await expect(places.fetch(ada, `share://${own.notebookId}@2`, into)).rejects.toThrow('has no version 2');
    expect(readdirSync(into)).toEqual([]);
    expect((await places.fetch(ada, `share://${own.notebookId}`, into)).source).toContain(own.versionId);
  });
});

describe('buckets', () => {
  it('are none without a configuration, and a sentence says what to do', async () => {
    const { places } = await withLibrary();
    await expect(places.mayWrite('s3://team/runs/')).rejects.toThrow(/names no buckets.*section places/s);
    await expect(places.fetch(ada, 's3://team/a.ipynb', folder)).rejects.toMatchObject({ code: 'invalid' });
    await places.mayWrite('runs/{{ run_id }}/');
  });

  it('are those that the configuration names, each below its prefix, for what it allows', async () => {
    const { places } = await withLibrary([
      'places:',
      '  s3:',
      '    endpoint: http://127.0.0.1:9',
      '    credentials: { accessKeyId: KEY, secretAccessKey: { env: NOT_SET } }',
      '    buckets:',
      '      - { bucket: sources }',
      '      - { bucket: team, prefix: runs, access: write }',
      '      - { bucket: team, prefix: notebooks }'
    ]);
    await places.mayWrite('s3://team/runs/{{ schedule_id }}/');
    const wrong: [string, RegExp][] = [
      ['s3://elsewhere/runs/', /elsewhere is not one that may be used here. Choose of: sources, team/],
      ['s3://team/runs-of-others/', /is outside of what may be used.*s3:\/\/team\/runs\//],
      ['s3://team/{{ run_id }}/', /is outside of what may be used/],
      ['s3://team/notebooks/{{ run_id }}/', /lets it be read only/],
      ['s3://sources/x/', /lets it be read only/]
    ];
    for (const [place, sentence] of wrong) {
      await expect(places.mayWrite(place), place).rejects.toThrow(sentence);
      await expect(places.mayWrite(place), place).rejects.toMatchObject({ code: 'invalid' });
    }
    await expect(places.fetch(ada, 's3://team/other/a.ipynb', folder)).rejects.toThrow(
      'is outside of what may be used'
    );
  });

  it('are never the part of a bucket in which the Library lies', async () => {
    const { places } = await withLibrary([
      'library: { kind: s3, bucket: team, prefix: lakeside, endpoint: "http://127.0.0.1:9" }',
      'places:',
      '  s3:',
      '    endpoint: http://127.0.0.1:9',
      '    buckets:',
      '      - { bucket: team, prefix: lake }',
      '      - { bucket: team, prefix: lakeside/archive, access: write }'
    ]);
    await expect(places.mayWrite('s3://team/lake/x')).rejects.toThrow('in which the Library lies');
  });
});

describe('objects', () => {
  const never = { read: () => Promise.reject(new Error('no Library')) };

  it('are taken as they are and told by their bytes; what is no notebook is refused', async () => {
    const { buckets, objects } = memoryBuckets();
    const places = createRunPlaces({ shared: never, buckets: () => Promise.resolve(buckets), maxBytes: 10_000 });
    objects.set('team/reports/Weekly report.ipynb', notebook);
    objects.set('team/text.ipynb', Buffer.from('not json'));
    objects.set('team/list.ipynb', Buffer.from('[]'));
    objects.set('team/large.ipynb', Buffer.alloc(10_001));
    const at = 's3://team/reports/Weekly report.ipynb';
    const fetched = await places.fetch(ada, at, empty('a'));
    expect(fetched).toMatchObject({ title: 'Weekly report' });
    expect(fetched.source).toMatch(/^s3:\/\/team\/reports\/Weekly report\.ipynb#sha256=[0-9a-f]{64}$/);
    expect(readFileSync(fetched.file)).toEqual(notebook);
    for (const [name, code] of [
      ['text', 'not-a-notebook'],
      ['list', 'not-a-notebook'],
      ['large', 'too-large'],
      ['none', 'invalid']
    ] as const) {
      await expect(places.fetch(ada, `s3://team/${name}.ipynb`, empty(name))).rejects.toMatchObject({ code });
    }
  });

  it('of an output are put with run.json last, and come back', async () => {
    const { buckets, objects, stored, state } = memoryBuckets();
    const places = createRunPlaces({ shared: never, buckets: () => Promise.resolve(buckets), maxBytes: 10_000 });
    const out = empty('out');
    for (const name of ['run.json', 'output.ipynb', 'events.ndjson', 'else.txt']) writeFileSync(join(out, name), name);
    await places.deliver('s3://team/s/r/', out);
    expect(stored).toEqual(['team/s/r/events.ndjson', 'team/s/r/output.ipynb', 'team/s/r/run.json']);
    const back = empty('back');
    expect(await places.recall('s3://team/s/r', back)).toBe(true);
    expect(readdirSync(back).sort()).toEqual(['events.ndjson', 'output.ipynb', 'run.json']);
    expect(await places.recall('s3://team/s/other', empty('none'))).toBe(false);
    await places.deliver('runs/a', out);
    expect(objects.size).toBe(3);
    state.fault = new ProblemError('storage-unreachable', 'Nobody answers. Try again.');
    await expect(places.deliver('s3://team/x', out)).rejects.toThrow('Nobody answers');
  });
});

describe('files of outputs elsewhere', () => {
  function home() {
    const { buckets, objects, stored, state } = memoryBuckets();
    const never = { read: () => Promise.reject(new Error('no Library')) };
    const places = createRunPlaces({ shared: never, buckets: () => Promise.resolve(buckets), maxBytes: 10_000 });
    const clock = createManualClock(Date.now());
    const directory = join(folder, 'outputs');
    const base = {
      ...scheduleFiles,
      notebook: () => Promise.reject(new Error()),
      output: () => Promise.resolve('/here')
    };
    const files = createPlacedFiles({ files: base, places, directory, clock, ids: createIds(clock) });
    return { files, objects, stored, state, clock, directory };
  }

  it('are written here, put there, forgotten here after some days, and brought again', async () => {
    const at = home();
    const place = 's3://team/s/r';
    const out = await at.files.output('/root', place);
    expect(await at.files.output('/root', place)).toBe(out);
    expect(await at.files.output('/root', 'runs/x')).toBe('/here');
    writeFileSync(join(out, 'output.ipynb'), notebook);
    expect(await at.files.result('/root', place, 'output.ipynb')).toBe(join(out, 'output.ipynb'));
    expect(await at.files.result('/root', place, 'run.json')).toBeUndefined();

    at.clock.move(30 * DAY);
    await at.files.tidy();
    expect(readdirSync(at.directory)).toHaveLength(1);

    await at.files.deliver('/root', place);
    expect(at.stored).toEqual(['team/s/r/output.ipynb']);
    at.clock.move(8 * DAY - 30 * DAY);
    await at.files.tidy();
    expect(readdirSync(at.directory)).toEqual([]);

    const both = [1, 2].map(() => at.files.result('/root', place, 'output.ipynb'));
    for (const file of await Promise.all(both)) expect(readFileSync(file!)).toEqual(notebook);
    expect(readdirSync(at.directory)).toHaveLength(1);
    at.state.fault = new ProblemError('storage-unreachable', 'Nobody answers. Try again.');
    expect(await at.files.result('/root', place, 'output.ipynb')).toBeDefined();
    await expect(at.files.result('/root', 's3://team/s/other', 'output.ipynb')).rejects.toThrow('Nobody answers');
    expect(readdirSync(at.directory)).toHaveLength(1);
  });
});
