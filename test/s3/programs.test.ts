import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, inject, test } from 'vitest';
import { createS3ObjectStore } from '../../server/adapters/objectstore-s3/index.js';
import { createFileObjectStore } from '../../server/adapters/objectstore-fs/index.js';
import { programs } from '../support/programs.js';
import { keysOf } from '../support/archiveHome.js';
import { makeBucket, settingsOf, surroundings } from '../support/s3/stores.js';
import { scratch } from '../support/scratch.js';

let folder: string;
beforeEach(() => {
  folder = scratch();
  mkdirSync(join(folder, 'config', 'lakeside'), { recursive: true });
});

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

describe.each(inject('s3'))('the programs on $name', ({ endpoint, key }) => {
  /** Runs the CLI; it is killed once `killWhen` says so. */
  function lakeside(args: string[], killWhen?: () => Promise<boolean>): Promise<Ended> {
    return new Promise(done => {
      const child = spawn(process.execPath, [join(programs, 'cli.js'), ...args], {
        cwd: folder,
        env: {
          PATH: process.env['PATH'],
          HOME: folder,
          LAKESIDE_HOME: join(folder, 'home'),
          LAKESIDE_LOG_LEVEL: 'debug',
          XDG_CONFIG_HOME: join(folder, 'config'),
          S3_SECRET: key.secretAccessKey
        },
        stdio: ['ignore', 'pipe', 'pipe']
      });
      let [out, err] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      const ended = { yet: false };
      if (killWhen !== undefined) {
        void (async () => {
          while (!ended.yet && !(await killWhen())) await sleep(20);
          child.kill('SIGKILL');
        })();
      }
      child.once('close', code => {
        ended.yet = true;
        expect(out + err).not.toContain(key.secretAccessKey);
        done({ code, out, err });
      });
    });
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the program printed; the tests look into it
  const json = async (...args: string[]): Promise<Record<string, any>> => {
    const result = await lakeside([...args, '--json']);
    expect(result.code, result.err).toBe(0);
    return JSON.parse(result.out) as Record<string, unknown>;
  };

  /** Writes a configuration file with a new bucket, and gives the bucket's name. */
  async function configure(file: string): Promise<string> {
    const bucket = await makeBucket(endpoint, key);
    const lines = [
      'library:',
      '  kind: s3',
      `  bucket: ${bucket}`,
      '  prefix: team/lakeside',
      `  endpoint: ${endpoint}`,
      '  credentials:',
      `    accessKeyId: ${key.accessKeyId}`,
      '    secretAccessKey: { env: S3_SECRET }'
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    return bucket;
  }

  function write(name: string, source: string): string {
    const cell = { cell_type: 'code', id: 'a', metadata: {}, source, outputs: [], execution_count: null };
    writeFileSync(join(folder, name), JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] }));
    return name;
  }

  test('a Library moves into a bucket and lives on there', async () => {
    for (const n of [1, 2, 3]) await json('share', write(`${n}.ipynb`, `n = ${n}`));
    const file = join(folder, 'new.yml');
    await configure(file);
    expect((await json('library', 'copy', '--to', file)).copied).toBeGreaterThan(6);
    await json('share', write('4.ipynb', 'n = 4'));
    expect((await json('library', 'copy', '--to', file)).copied).toBeGreaterThan(2);
    const again = await json('library', 'copy', '--to', file, '--verify');
    expect(again).toMatchObject({ copied: 0 });
    expect(again['present']).toBeGreaterThan(9);

    renameSync(file, join(folder, 'config', 'lakeside', 'config.yml'));
    expect((await json('library', 'list')).total).toBe(4);
    expect(await json('share', '1.ipynb')).toMatchObject({ outcome: 'unchanged', objectWrites: 0 });
    expect(await json('share', write('1.ipynb', 'n = 11'))).toMatchObject({ outcome: 'updated', versionNumber: 2 });
    expect((await json('library', 'diff', '1.ipynb')).changed).toBe(1);
    expect(await json('library', 'copy', '--from', join(folder, 'home', 'archive'))).toMatchObject({ copied: 0 });

    const { checks } = await json('doctor');
    const store = checks.find((check: { name: string }) => check.name === 'object store');
    expect(store).toMatchObject({ state: 'ok' });
    expect(store.detail).toContain(`/team/lakeside/ at ${endpoint} can be written, read, listed and tidied`);
  });

  test('a copy that is killed goes on where it was', async () => {
    const directory = join(folder, 'large');
    const store = createFileObjectStore({ directory });
    for (let n = 0; n < 1_000; n++) await store.put(`blobs/sha256/${n % 16}/${n}`, Buffer.alloc(500, String(n)));
    const file = join(folder, 'new.yml');
    const bucket = await configure(file);
    const settings = settingsOf(endpoint, key, { bucket, prefix: 'team/lakeside' });
    const seen = createS3ObjectStore(settings, surroundings(key));
    for (const count of [100, 400]) {
      const isFar = async (): Promise<boolean> => (await keysOf(seen)).length >= count;
      expect((await lakeside(['library', 'copy', '--from', directory, '--to', file], isFar)).code).toBeNull();
    }
    await seen.close();
    const result = await json('library', 'copy', '--from', directory, '--to', file);
    expect(result).toMatchObject({ present: 1_000 });
    expect(result['copied']).toBeLessThanOrEqual(600);
    expect(await json('library', 'copy', '--from', directory, '--to', file, '--verify')).toMatchObject({ copied: 0 });
  });

  test('what is wrong with the bucket is one sentence', async () => {
    const file = join(folder, 'config', 'lakeside', 'config.yml');
    writeFileSync(file, `library:\n  kind: s3\n  bucket: none-such\n  endpoint: ${endpoint}\n`);
    const unkeyed = await lakeside(['library', 'list']);
    expect(unkeyed.err).toMatch(/lakeside: There is no key for the object storage/);
    expect(unkeyed.code).toBe(1);
  });
});
