import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { ScheduleSpec } from '../../contract/schedule/index.js';
import type { RunState } from '../../contract/schedule/index.js';
import { systemClock } from '../../server/adapters/clock-system/index.js';
import { createS3Places } from '../../server/adapters/objectstore-s3/places.js';
import type { S3PlaceSettings } from '../../server/adapters/objectstore-s3/placeSettings.js';
import { openState } from '../../server/adapters/sqlite-state/index.js';
import { composePlacedFiles, composePlaces } from '../../server/composePlaces.js';
import { composeSchedule } from '../../server/composeSchedule.js';
import { readConfig } from '../../server/config.js';
import { createIds } from '../../server/ids.js';
import type { Caller } from '../../server/ports.js';
import { createRandom } from '../bench/library/corpus.js';
import { pythonVariables, startLakeside } from '../support/cli/lakeside.js';
import { dose } from '../support/dose.js';
import { openLibraryHome } from '../support/libraryHome.js';
import { codeCell, notebookBytes, notebookOf } from '../support/notebooks.js';
import { localRenderer } from '../support/rendering.js';
import { startFaultProxy } from '../support/s3/faultProxy.js';
import type { Key } from '../support/s3/process.js';
import { makeBucket, rawClient, surroundings } from '../support/s3/stores.js';
import { scratch } from '../support/scratch.js';
import { silent } from '../support/share/home.js';

const ada: Caller = { name: 'ada', groups: [], via: 'jupyter' };
const PATIENCE = { timeout: 60_000, interval: 50 };
const all = ['events.ndjson', 'output.ipynb', 'run.json'];
const ended: readonly RunState[] = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'LOST'];

let folder: string;
beforeEach(() => {
  folder = scratch('lakeside-s3-places');
});

const notebook = (...sources: string[]) => notebookBytes(notebookOf(sources.map(source => codeCell(source))));

/** What a test sees and does in the buckets beside Lakeside. */
function beside(endpoint: string, key: Key) {
  const client = rawClient(endpoint, key);
  onTestFinished(() => client.destroy());
  return {
    put: async (Bucket: string, Key: string, Body: Buffer): Promise<void> => {
      await client.send(new PutObjectCommand({ Bucket, Key, Body }));
    },
    get: async (Bucket: string, Key: string): Promise<Buffer | undefined> => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        return Buffer.from(await Body!.transformToByteArray());
      } catch (error) {
        if ((error as Error).name === 'NoSuchKey') return undefined;
        throw error;
      }
    }
  };
}

describe.each(inject('s3'))('places on $name', ({ endpoint, key }) => {
  function open(buckets: S3PlaceSettings['buckets'], given: Key = key) {
    const credentials = { accessKeyId: given.accessKeyId, secretAccessKey: { env: 'S3_SECRET' } };
    const around = { ...surroundings(given), settings: 'places.s3 in /etc/lakeside/config.yml' };
    const places = createS3Places({ endpoint, credentials, buckets }, around);
    onTestFinished(() => places.close());
    return places;
  }

  test.each([
    ['a plain key.txt', 1000],
    ['été/weekly report #2 (100%) + more/data.bin', 0],
    ['large.bin', 20 * 2 ** 20 + 7]
  ])('what is put as "%s" comes back, %i bytes', async (name, size) => {
    const bucket = await makeBucket(endpoint, key);
    const places = open([{ bucket, prefix: 'runs', access: 'write' }]);
    const bytes = randomBytes(size);
    writeFileSync(join(folder, 'from'), bytes);
    const place = { bucket, key: `runs/${name}` };
    await places.store(place, join(folder, 'from'), {});
    expect((await beside(endpoint, key).get(bucket, place.key))?.equals(bytes)).toBe(true);
    const sha256 = await places.fetch(place, join(folder, 'to'), { maxBytes: 2 ** 30 });
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(readFileSync(join(folder, 'to')).equals(bytes)).toBe(true);
    writeFileSync(join(folder, 'from'), 'anew');
    await places.store(place, join(folder, 'from'), {});
    expect((await beside(endpoint, key).get(bucket, place.key))?.toString()).toBe('anew');
  });

  test('what is not there, too large, ended or not allowed leaves no file', async () => {
    const bucket = await makeBucket(endpoint, key);
    const places = open([{ bucket, prefix: 'runs', access: 'write' }]);
    const to = join(folder, 'to');
    writeFileSync(join(folder, 'from'), randomBytes(9 * 2 ** 20));
    await places.store({ bucket, key: 'runs/a' }, join(folder, 'from'), {});
    await beside(endpoint, key).put(bucket, 'private', Buffer.from('x'));
    expect(await places.fetch({ bucket, key: 'runs/none' }, to, { maxBytes: 100 })).toBeUndefined();
    await expect(places.fetch({ bucket, key: 'runs/a' }, to, { maxBytes: 100 })).rejects.toMatchObject({
      code: 'too-large'
    });
    await expect(places.fetch({ bucket, key: 'private' }, to, { maxBytes: 100 })).rejects.toMatchObject({
      code: 'invalid'
    });
    await expect(places.store({ bucket, key: 'private' }, join(folder, 'from'), {})).rejects.toMatchObject({
      code: 'invalid'
    });
    writeFileSync(join(folder, 'from'), randomBytes(40 * 2 ** 20));
    for (const wait of [0, 20]) {
      const stop = new AbortController();
      const putting = places.store({ bucket, key: `runs/b${wait}` }, join(folder, 'from'), { signal: stop.signal });
      setTimeout(() => stop.abort(new Error('It was ended.')), wait);
      await expect(putting).rejects.toThrow('It was ended.');
      expect(await beside(endpoint, key).get(bucket, `runs/b${wait}`)).toBeUndefined();
    }
    expect(existsSync(to)).toBe(false);
    expect((await beside(endpoint, key).get(bucket, 'private'))?.toString()).toBe('x');
  });

  test('a wrong key and a bucket that is not there are sentences that name the setting', async () => {
    writeFileSync(join(folder, 'from'), 'x');
    const bucket = await makeBucket(endpoint, key);
    const wrong = open([{ bucket, access: 'write' }], { ...key, accessKeyId: 'NOBODY' });
    await expect(wrong.store({ bucket, key: 'a' }, join(folder, 'from'), {})).rejects.toMatchObject({
      code: 'storage-refused',
      message: expect.stringContaining('credentials.accessKeyId of places.s3') as string
    });
    const none = open([{ bucket: 'not-there', access: 'write' }]);
    await expect(none.store({ bucket: 'not-there', key: 'a' }, join(folder, 'from'), {})).rejects.toThrow(
      'There is no bucket not-there'
    );
    await expect(none.fetch({ bucket: 'not-there', key: 'a' }, join(folder, 'to'), { maxBytes: 10 })).rejects.toThrow(
      'There is no bucket not-there'
    );
  });

  test('a server that fails now and then loses nothing', async () => {
    const bucket = await makeBucket(endpoint, key);
    const { runs, seed } = dose('places on servers that fail', { ci: 10, full: 100 });
    const random = createRandom(seed);
    const there = beside(endpoint, key);
    const proxy = await startFaultProxy(endpoint, random);
    onTestFinished(() => proxy.stop());
    proxy.rate = 0.25;
    const credentials = { accessKeyId: key.accessKeyId, secretAccessKey: { env: 'S3_SECRET' } };
    const settings = { endpoint: proxy.endpoint, credentials, buckets: [{ bucket, access: 'write' as const }] };
    const places = createS3Places(settings, surroundings(key));
    onTestFinished(() => places.close());
    for (let n = 0; n < runs; n++) {
      const [from, to] = [join(folder, `from${n}`), join(folder, `to${n}`)];
      const bytes = randomBytes(
        n % 5 === 0 ? 9_000_000 + Math.floor(random() * 9_000_000) : Math.floor(random() * 9e5)
      );
      writeFileSync(from, bytes);
      await places.store({ bucket, key: `${n}.bin` }, from, {});
      expect((await there.get(bucket, `${n}.bin`))?.equals(bytes)).toBe(true);
      await places.fetch({ bucket, key: `${n}.bin` }, to, { maxBytes: 2 ** 30 });
      expect(readFileSync(to).equals(bytes)).toBe(true);
    }
    expect(Object.values(proxy.made).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  });

  /** Writes the configuration of a person, and gives the variables with which programs find it. */
  function configure(...buckets: string[]): Record<string, string> {
    mkdirSync(join(folder, 'config', 'lakeside'), { recursive: true });
    const lines = [
      'places:',
      '  s3:',
      `    endpoint: ${endpoint}`,
      `    credentials: { accessKeyId: ${key.accessKeyId}, secretAccessKey: { env: S3_SECRET } }`,
      '    buckets:',
      ...buckets.map(bucket => `      - { bucket: ${bucket}, access: write }`)
    ];
    writeFileSync(join(folder, 'config', 'lakeside', 'config.yml'), `${lines.join('\n')}\n`);
    return { XDG_CONFIG_HOME: join(folder, 'config'), S3_SECRET: key.secretAccessKey };
  }

  test('lakeside run takes a notebook from a bucket and puts its output there', async () => {
    const bucket = await makeBucket(endpoint, key);
    const variables = { ...pythonVariables, ...configure(bucket, 'not-there') };
    const { put, get } = beside(endpoint, key);
    await put(bucket, 'notebooks/weekly report.ipynb', notebook('print("figure", 6 * 7)'));
    const from = `s3://${bucket}/notebooks/weekly report.ipynb`;
    const run = async (...args: string[]) => {
      const result = await startLakeside(folder, ['run', from, ...args], variables).ended;
      expect(result.out + result.err).not.toContain(key.secretAccessKey);
      return result;
    };

    const here = await run('--out', 'here');
    expect(here, here.err).toMatchObject({ code: 0, out: `${join(folder, 'here')}\n` });
    expect(readFileSync(join(folder, 'here', 'output.ipynb'), 'utf8')).toContain('figure 42');
    expect(JSON.parse(readFileSync(join(folder, 'here', 'run.json'), 'utf8'))).toMatchObject({
      notebook: expect.stringMatching(`^${from}#sha256=[0-9a-f]{64}$`) as string
    });

    const there = await run('--out', `s3://${bucket}/out/today/`);
    expect(there, there.err).toMatchObject({ code: 0, out: `s3://${bucket}/out/today/\n` });
    for (const name of [...all, 'output.html']) expect(await get(bucket, `out/today/${name}`), name).toBeDefined();
    expect((await get(bucket, 'out/today/output.ipynb'))?.toString()).toContain('figure 42');
    expect(existsSync(join(folder, 'runs'))).toBe(false);

    const lost = await run('--out', 's3://not-there/today');
    expect(lost.err).toMatch(/the output is not at s3:\/\/not-there\/today: There is no bucket not-there.*It stays in/);
    expect(lost.code).toBe(14);
    expect(readdirSync(lost.out.trim()).sort()).toEqual(['events.ndjson', 'output.html', 'output.ipynb', 'run.json']);

    const { out } = await startLakeside(folder, ['doctor', '--json'], variables).ended;
    const { checks } = JSON.parse(out) as { checks: { name: string; state: string; detail: string }[] };
    expect(checks.filter(({ name }) => name === 'places')).toMatchObject([
      { state: 'ok', detail: `s3://${bucket}/ can be read; whether it can be written is not tried` },
      { state: 'failed', detail: expect.stringContaining('There is no bucket not-there') as string }
    ]);

    await put(bucket, 'notebooks/text.ipynb', Buffer.from('text'));
    const text = await startLakeside(folder, ['run', `s3://${bucket}/notebooks/text.ipynb`], variables).ended;
    expect(text).toMatchObject({ code: 15, err: expect.stringContaining('is not a notebook') as string });
  });

  /** The scheduler of a home with the real runner. */
  async function server(variables: Record<string, string>) {
    const config = readConfig('sidecar', { HOME: folder, LAKESIDE_HOME: join(folder, 'home'), ...variables });
    const rootDir = join(folder, 'notebooks');
    for (const each of [rootDir, config.home]) mkdirSync(each, { recursive: true });
    const library = await openLibraryHome();
    const ids = createIds(systemClock);
    const state = openState({ file: join(config.home, 'state.db'), clock: systemClock, isGone: () => false });
    const places = composePlaces({ config, log: silent, programs: '', library: library.service });
    const root = { kind: 'folder' as const, path: rootDir, allowHidden: false };
    const files = composePlacedFiles({ config, ids, root }, places);
    const scheduled = composeSchedule({
      config,
      log: silent,
      clock: systemClock,
      ids,
      failPoint: () => {},
      instance: 'one',
      leases: state.leases,
      store: state.schedules,
      files,
      places,
      renderer: localRenderer(),
      python: resolve('.venv/bin/python'),
      kernelEnvironment: { PATH: process.env['PATH'] ?? '', HOME: folder, PYTHONPATH: resolve('.') },
      targets: () => [],
      workDirectory: join(config.home, 'work'),
      after: {
        afterRuns: { turn: () => {}, stop: () => Promise.resolve() },
        toasts: { waiting: () => [], claim: () => false },
        channels: [],
        close: () => Promise.resolve()
      }
    });
    const { scheduler } = scheduled;
    onTestFinished(async () => {
      await scheduled.close();
      await places.close();
      state.close();
      await library.dispose();
    });
    scheduler.start();
    const create = (more: object) =>
      scheduler.service.create(ada, {
        opId: ids.next(),
        paused: false,
        spec: ScheduleSpec.parse({
          name: 'Morning',
          notebook: { path: 'a.ipynb' },
          when: { cron: '0 0 1 1 *' },
          ...more
        })
      });
    const end = (id: string) =>
      vi.waitFor(() => {
        const run = scheduler.runs.get(ada, id);
        expect(ended).toContain(run.state);
        return run;
      }, PATIENCE);
    const run = async (scheduleId: string) =>
      end(scheduler.service.runNow(ada, scheduleId, { opId: ids.next(), parameters: {} }).id);
    return { rootDir, library, scheduler, create, run, end, ids, outputs: join(config.home, 'outputs') };
  }

  test('a schedule reads from a bucket and writes to it; its output opens when nothing is left here', async () => {
    const bucket = await makeBucket(endpoint, key);
    const { put, get } = beside(endpoint, key);
    const at = await server(configure(bucket));
    await put(bucket, 'a.ipynb', notebook('print("figure", 6 * 7)', 'print("last")'));
    const { id } = await at.create({
      notebook: { path: `s3://${bucket}/a.ipynb` },
      output: `s3://${bucket}/{{ schedule_id }}/{{ run_id }}/`
    });
    const run = await at.run(id);
    expect(run, run.reason).toMatchObject({
      state: 'SUCCEEDED',
      attempts: [
        {
          output: `s3://${bucket}/${id}/${run.id}`,
          source: expect.stringMatching(/a\.ipynb#sha256=[0-9a-f]{64}$/) as string
        }
      ]
    });
    for (const name of all) expect(await get(bucket, `${id}/${run.id}/${name}`), name).toBeDefined();
    expect(JSON.parse((await get(bucket, `${id}/${run.id}/run.json`))!.toString())).toMatchObject({ exitCode: 0 });

    rmSync(at.outputs, { recursive: true });
    const page = await at.scheduler.outputs.page(ada, run.id, false, new AbortController().signal);
    const parts: Uint8Array[] = [];
    for await (const part of page.stream) parts.push(part);
    expect(Buffer.concat(parts).toString()).toContain('figure 42');
    expect(readdirSync(at.outputs)).toHaveLength(1);
  });

  test('a run goes on from its failed cell, and the output of both lies in the bucket', async () => {
    const bucket = await makeBucket(endpoint, key);
    const { get, put } = beside(endpoint, key);
    const at = await server(configure(bucket));
    const source = `s3://${bucket}/a.ipynb`;
    await put(bucket, 'a.ipynb', notebook('import os, time\nfirst = time.time_ns()', 'print("made", first)', '1 / 0'));
    const { id } = await at.create({ notebook: { path: source }, output: `s3://${bucket}/{{ run_id }}` });
    const bad = await at.run(id);
    expect(bad).toMatchObject({ state: 'FAILED' });
    const made = /made (\d+)/.exec((await get(bucket, `${bad.id}/output.ipynb`))!.toString())?.[1];
    expect(made).toBeDefined();
    await put(
      bucket,
      'a.ipynb',
      notebook('import os, time\nfirst = time.time_ns()', 'print("made", first)', 'print("still", first)')
    );
    const again = await at.end(at.scheduler.runs.again(ada, bad.id, { opId: at.ids.next(), resume: true }).id);
    expect(again, again.reason).toMatchObject({ state: 'SUCCEEDED' });
    expect((await get(bucket, `${again.id}/output.ipynb`))!.toString()).toContain(`still ${made}`);
  });

  test('a run whose bucket is gone fails, says where its output is, and that opens', async () => {
    const bucket = await makeBucket(endpoint, key);
    const at = await server(configure(bucket, 'not-there'));
    writeFileSync(join(at.rootDir, 'a.ipynb'), notebook('print("figure", 6 * 7)'));
    const { id } = await at.create({ output: 's3://not-there/{{ run_id }}/' });
    const run = await at.run(id);
    expect(run.state).toBe('FAILED');
    const [, copy = ''] =
      /There is no bucket not-there.*A copy stays in (\S+) on this machine/.exec(run.reason ?? '') ?? [];
    expect(readFileSync(join(copy, 'output.ipynb'), 'utf8')).toContain('figure 42');
    const { stream } = await at.scheduler.outputs.notebook(ada, run.id);
    const parts: Uint8Array[] = [];
    for await (const part of stream) parts.push(part);
    expect(Buffer.concat(parts).toString()).toContain('figure 42');
  });

  test('a schedule of a notebook of the Library runs its newest version, with its output in the bucket', async () => {
    const bucket = await makeBucket(endpoint, key);
    const at = await server(configure(bucket));
    const { notebookId, versionId } = await at.library.share(['print("shared")']);
    const form = await at.scheduler.form(ada, `share://${notebookId}`);
    expect(form.spec).toMatchObject({ name: 'A notebook', notebook: { path: `share://${notebookId}` } });
    const { id } = await at.create({
      notebook: { path: `share://${notebookId}` },
      output: `s3://${bucket}/{{ run_id }}`
    });
    const run = await at.run(id);
    expect(run, run.reason).toMatchObject({
      state: 'SUCCEEDED',
      attempts: [{ source: `share://${notebookId}@${versionId}` }]
    });
    const output = (await beside(endpoint, key).get(bucket, `${run.id}/output.ipynb`))!.toString();
    expect(output).toContain('shared');
    expect(output).toContain(`share://${notebookId}@${versionId}`);
  });
});
