import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { FilesSettings } from '../../../../server/adapters/source-files/settings.js';
import { asking, filesSource, madeBy, namesOf, objectsOf } from '../../../support/tables/lake.js';
import { scratch } from '../../../support/scratch.js';

let made: string;
beforeAll(() => {
  made = madeBy('test/support/tables/lake_files.py');
}, 120_000);
afterAll(() => rmSync(made, { recursive: true, force: true }));

const good = () => readFileSync(join(made, 'parts/year=2013/month=2/part-0.parquet'));

describe('files that are broken', () => {
  test.each<[string, () => Uint8Array, RegExp]>([
    ['no Parquet at all', () => Buffer.from('this is no Parquet file, whatever its name says'), /as Parquet/],
    ['an empty one', () => Buffer.alloc(0), /as Parquet/],
    ['cut off at its end', () => good().subarray(0, good().length - 20), /as Parquet/],
    [
      'with a footer that is nonsense',
      () => Buffer.concat([good().subarray(0, 40), Buffer.alloc(60, 7), good().subarray(-8)]),
      /as Parquet/
    ]
  ])('%s: the sentence names the file, and its siblings are shown', async (_name, bytes, sentence) => {
    const folder = scratch();
    writeFileSync(join(folder, 'bad.parquet'), bytes());
    writeFileSync(join(folder, 'fine.parquet'), good());
    const source = await filesSource({ path: folder });
    expect(await namesOf(source)).toEqual(['bad', 'fine']);
    expect(await objectsOf(source, 'fine')).toHaveLength(20);
    const asked = objectsOf(source, 'bad');
    await expect(asked).rejects.toMatchObject({ code: 'source-failed' });
    await expect(asked).rejects.toThrow(sentence);
    await expect(asked).rejects.toThrow(join(folder, 'bad.parquet'));
    await expect(source.facts({ schema: '', table: 'bad' }, asking())).rejects.toMatchObject({ code: 'source-failed' });
  });

  test('pages that are damaged fail as the file, not as a mistake of ours', async () => {
    const folder = scratch();
    const bytes = Buffer.from(good());
    bytes.fill(0xff, 4, 60);
    writeFileSync(join(folder, 'bad.parquet'), bytes);
    const source = await filesSource({ path: folder });
    await expect(objectsOf(source, 'bad')).rejects.toMatchObject({ code: 'source-failed' });
  });

  test('one broken part of a table is a trouble beside its facts', async () => {
    const folder = scratch();
    mkdirSync(join(folder, 't'));
    for (const part of [1, 2]) writeFileSync(join(folder, 't', `part-${part}.parquet`), good());
    writeFileSync(join(folder, 't', 'part-0.parquet'), 'broken');
    const source = await filesSource({ path: folder });
    const { columns, troubles, rows } = await source.facts({ schema: '', table: 't' }, asking());
    expect(columns.map(({ name }) => name)).toEqual(['id', 'extra']);
    expect(rows?.estimated).toBe(true);
    expect(troubles).toEqual([{ code: 'source-failed', message: expect.stringContaining('part-0.parquet') as string }]);
  });

  test('a packed file that is cut off, or not packed', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'not.csv.gz'), 'a,b\n1,2\n');
    const source = await filesSource({ path: folder });
    await expect(objectsOf(source, 'not')).rejects.toThrow(/packed CSV/);
  });
});

describe('Iceberg that is broken', () => {
  const copied = (): string => {
    const folder = scratch();
    const from = join(made, 'sales');
    for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' }).sort()) {
      const to = join(folder, 'sales', name);
      if (/\.(parquet|avro|json)$/.test(name)) copyFileSync(join(from, name), to);
      else mkdirSync(to, { recursive: true });
    }
    return folder;
  };

  test('a table that was copied is read where it lies now', async () => {
    const folder = copied();
    const source = await filesSource({ path: folder });
    expect(await objectsOf(source, 'sales')).toHaveLength(4);
  });

  test('a missing data file is named', async () => {
    const folder = copied();
    rmSync(join(folder, 'sales/data'), { recursive: true });
    const source = await filesSource({ path: folder });
    expect((await source.facts({ schema: '', table: 'sales' }, asking())).columns).toHaveLength(6);
    const asked = objectsOf(source, 'sales');
    await expect(asked).rejects.toMatchObject({ code: 'source-not-found' });
    await expect(asked).rejects.toThrow(/sales\/data\/id=\d.*\.parquet any more/);
  });

  test('bad metadata fail as such; a bad manifest leaves the columns', async () => {
    const folder = copied();
    const metadata = join(folder, 'sales/metadata');
    const list = readdirSync(metadata).filter(name => name.startsWith('snap-'));
    for (const name of list) writeFileSync(join(metadata, name), 'Obj\u0001nonsense');
    const source = await filesSource({ path: folder });
    const facts = await source.facts({ schema: '', table: 'sales' }, asking());
    expect(facts.columns).toHaveLength(6);
    expect(facts.troubles).toEqual([{ code: 'source-failed', message: expect.stringContaining('Avro') as string }]);
    writeFileSync(join(metadata, '00099-x.metadata.json'), '{"location": 1}');
    await expect(source.facts({ schema: '', table: 'sales' }, asking())).rejects.toThrow(
      /00099-x.metadata.json cannot/
    );
  });

  test('metadata that name a file elsewhere do not lead out', async () => {
    const folder = copied();
    const metadata = join(folder, 'sales/metadata');
    const newest = readdirSync(metadata)
      .filter(name => name.endsWith('.json'))
      .sort()
      .at(-1)!;
    const text = readFileSync(join(metadata, newest), 'utf8');
    const location = (JSON.parse(text) as { location: string }).location;
    for (const elsewhere of ['file:///etc/passwd', `${location}/../../../../../../../../etc/passwd`]) {
      const other = text.replace(/"manifest-list": ?"[^"]*"/g, `"manifest-list":"${elsewhere}"`);
      writeFileSync(join(metadata, newest), other);
      const source = await filesSource({ path: folder });
      const asked = objectsOf(source, 'sales');
      await expect(asked).rejects.toMatchObject({ code: 'source-forbidden' });
    }
  });
});

describe('folders', () => {
  test('links that lead out are left out, those inside are followed', async () => {
    const folder = scratch();
    const outside = scratch();
    writeFileSync(join(outside, 'secret.csv'), 'a\n1\n');
    mkdirSync(join(folder, 'in'));
    writeFileSync(join(folder, 'in/a.csv'), 'a\n1\n');
    writeFileSync(join(folder, 'in/b.csv'), 'a\n1\n');
    symlinkSync(join(outside, 'secret.csv'), join(folder, 'secret.csv'));
    symlinkSync(outside, join(folder, 'out'));
    symlinkSync(join(folder, 'in/a.csv'), join(folder, 'link.csv'));
    symlinkSync(join(folder, 'gone'), join(folder, 'gone.csv'));
    const source = await filesSource({ path: folder });
    expect(await namesOf(source)).toEqual(['link']);
    expect((await source.schemas(asking())).map(({ schema }) => schema)).toEqual(['', 'in']);
    await expect(namesOf(source, 'out')).rejects.toMatchObject({ code: 'source-forbidden' });
    await expect(namesOf(source, '..')).rejects.toMatchObject({ code: 'source-not-found' });
    await expect(objectsOf(source, '../../etc/passwd')).rejects.toMatchObject({ code: 'source-not-found' });
  });

  test('a folder beside that begins with the same letters is outside', async () => {
    const folder = scratch();
    mkdirSync(join(folder, 'lake'));
    mkdirSync(join(folder, 'lake-of-others'));
    writeFileSync(join(folder, 'lake-of-others/a.csv'), 'a\n1\n');
    symlinkSync(join(folder, 'lake-of-others'), join(folder, 'lake/other'));
    const source = await filesSource({ path: join(folder, 'lake') });
    expect((await source.schemas(asking())).map(({ schema }) => schema)).toEqual(['']);
  });

  test('one that cannot be read is told as a schema with its trouble', async () => {
    if (process.getuid?.() !== 0)
      throw new Error('Run as root: others cannot take a right from themselves and test it.');
    const folder = scratch();
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'closed'), { mode: 0o700 });
    writeFileSync(join(folder, 'a.csv'), 'a\n1\n');
    const source = await filesSource({ path: folder });
    process.seteuid?.(65534);
    onTestFinished(() => process.seteuid?.(0));
    try {
      expect(await namesOf(source)).toEqual(['a']);
      expect(await source.schemas(asking())).toEqual([
        { schema: '' },
        {
          schema: 'closed',
          trouble: { code: 'source-forbidden', message: expect.stringContaining('closed') as string }
        }
      ]);
      await expect(namesOf(source, 'closed')).rejects.toMatchObject({ code: 'source-forbidden' });
    } finally {
      process.seteuid?.(0);
    }
  });

  test('one that is not there', async () => {
    const source = await filesSource({ path: join(scratch(), 'gone') });
    await expect(source.schemas(asking())).rejects.toMatchObject({ code: 'source-not-found' });
    expect(await source.check(asking())).toMatchObject([
      {
        state: 'failed',
        detail: expect.stringMatching(/^There is no .*gone\.$/) as string,
        cure: expect.stringMatching(/^Check it in /) as string
      }
    ]);
  });

  test('10,000 files: as tables, and as parts of one', async () => {
    const folder = scratch();
    mkdirSync(join(folder, 'parts'));
    for (let at = 0; at < 10_000; at++) {
      writeFileSync(join(folder, `table ${at} of many.csv`), 'a\n1\n');
      writeFileSync(join(folder, 'parts', `part-${at}.csv`), 'a\n1\n');
    }
    const source = await filesSource({ path: folder });
    expect(await namesOf(source)).toHaveLength(10_001);
    const { bytes, format } = await source.facts({ schema: '', table: 'parts' }, asking());
    expect([bytes, format]).toEqual([40_000, 'CSV, 10000 files']);
    expect(await objectsOf(source, 'parts', { limit: 100 })).toHaveLength(100);
  });

  test('a question that is taken back ends', async () => {
    const source = await filesSource({ path: made });
    await expect(
      source.rows(
        { schema: '', table: 'many' },
        { limit: 10, maxBytes: 1000 },
        { signal: AbortSignal.abort(new Error('enough')) }
      )
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('settings', () => {
  test.each([
    [{}, false],
    [{ path: 'lake' }, false],
    [{ path: '/lake', bucket: { bucket: 'lake' } }, false],
    [{ path: '/lake' }, true],
    [{ bucket: { bucket: 'lake', prefix: 'a/b' } }, true]
  ])('%j', (settings, isFine) => {
    expect(FilesSettings.safeParse(settings).success).toBe(isFine);
  });
});
