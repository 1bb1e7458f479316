import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteIndex } from '../../../../server/adapters/sqlite-index/index.js';
import { SCHEMA } from '../../../../server/adapters/sqlite-index/schema.js';
import { createFollower } from '../../../../server/share/archive/follower.js';
import type { LibraryIndex } from '../../../../server/share/ports.js';
import { openArchiveHome } from '../../../support/archiveHome.js';
import { ada, query } from '../../../support/library.js';

let home: Awaited<ReturnType<typeof openArchiveHome>>;
let root: string;
let directory: string;
const opened: LibraryIndex[] = [];
beforeEach(async () => {
  home = await openArchiveHome();
  root = await mkdtemp(join(tmpdir(), 'lakeside-index-'));
  directory = join(root, 'index');
});
afterEach(async () => {
  for (const index of opened.splice(0)) await index.close();
  await home.dispose();
  await rm(root, { recursive: true, force: true });
});

/** A process of its own with an index in this folder. */
function open() {
  const { store, clock, log } = home;
  const index = createSqliteIndex({ directory, log });
  opened.push(index);
  return { index, follower: createFollower({ store, index, clock, log }) };
}

const count = { objects: 0, bytes: 0 };
async function publish(title: string, text = '') {
  home.clock.move(1000);
  await home.open().archive.append(home.events.published({ title, text }), count);
}
async function titles({ index, follower }: ReturnType<typeof open>) {
  const { value } = await follower.read(() => index.search(ada, query({ sort: 'title' })));
  return value.items.map(item => item.title);
}
const files = () => readdirSync(directory).filter(name => name.endsWith('.db'));
const file = (name = files()[0] ?? '') => join(directory, name);

describe('the file of the index', () => {
  it('is for its owner only', async () => {
    await titles(open());
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(directory)) expect(statSync(file(name)).mode & 0o777, name).toBe(0o600);
  });

  it('is not opened before it is needed', () => {
    open();
    expect(existsSync(directory)).toBe(false);
  });

  it('is filled once and kept', async () => {
    await publish('x');
    const first = open();
    expect(await titles(first)).toEqual(['x']);
    await first.index.close();
    const { ino } = statSync(file());
    expect(await titles(open())).toEqual(['x']);
    expect(statSync(file()).ino).toBe(ino);
  });

  it.each([
    ['is no database', () => writeFileSync(file(), 'not a database at all'.repeat(1000))],
    ['is empty', () => writeFileSync(file(), '')],
    ['is cut', () => writeFileSync(file(), readFileSync(file()).subarray(0, 5000))],
    ['has a page of noise at its beginning', () => damage(0, 4096)],
    ['has noise in all its pages', () => damage(4096, Infinity)],
    ['belongs to another program', () => change('PRAGMA application_id = 1')],
    ['has another shape', () => change('PRAGMA user_version = 999')],
    ['lacks a table', () => change('DROP TABLE shelf')],
    ['lacks a column', () => change('ALTER TABLE notebooks DROP COLUMN summary')]
  ])('is made anew when it %s', async (_what, harm) => {
    for (const title of ['a', 'b', 'c']) await publish(title, 'some words '.repeat(200));
    const first = open();
    await titles(first);
    await first.index.close();
    harm();
    const second = open();
    expect(await titles(second)).toEqual(['a', 'b', 'c']);
    expect((await second.index.search(ada, query({ q: 'words' }))).total).toBe(3);
    await publish('d');
    expect(await titles(second)).toEqual(['a', 'b', 'c', 'd']);
    expect(files()).toHaveLength(1);
  });

  it('is made anew when it is damaged while it is open', async () => {
    for (let n = 0; n < 30; n++) await publish(`n${n}`, 'many words '.repeat(500));
    const process = open();
    expect(await titles(process)).toHaveLength(30);
    const checkpoint = new DatabaseSync(file());
    checkpoint.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    checkpoint.close();
    damage(4096, Infinity);
    await publish('after');
    expect(await titles(process)).toHaveLength(31);
    expect(await titles(open())).toHaveLength(31);
  });

  it('is made anew when it is removed while it is open, and all processes go on with the same one', async () => {
    await publish('x');
    const [one, two] = [open(), open()];
    expect(await titles(one)).toEqual(['x']);
    expect(await titles(two)).toEqual(['x']);
    rmSync(directory, { recursive: true });
    await publish('y');
    expect(await titles(one)).toEqual(['x', 'y']);
    expect(await titles(two)).toEqual(['x', 'y']);
    expect(files()).toHaveLength(1);
    await publish('z');
    await titles(one);
    expect(await two.index.missing([])).toEqual([]);
    expect(await titles(two)).toEqual(['x', 'y', 'z']);
  });

  it('of another version is left alone, and removed when nobody used it for a week', async () => {
    await titles(open());
    for (const name of ['index-0.1.db', 'index-0.2.db', 'index-9999.1.db']) writeFileSync(file(name), 'of others');
    const old = new Date(Date.now() - 8 * 24 * 3_600_000);
    utimesSync(file('index-0.1.db'), old, old);
    utimesSync(file('index-9999.1.db'), old, old);
    await titles(open());
    expect(
      files()
        .filter(name => !name.startsWith(`index-${SCHEMA}.`))
        .sort()
    ).toEqual(['index-0.2.db', 'index-9999.1.db']);
  });

  it('keeps its mode whatever the umask', async () => {
    const before = process.umask(0);
    try {
      await titles(open());
      for (const name of readdirSync(directory)) expect(statSync(file(name)).mode & 0o777).toBe(0o600);
    } finally {
      process.umask(before);
    }
  });
});

describe('several processes on one file', () => {
  it('fill it at the same time and all see everything', async () => {
    const events = Array.from({ length: 120 }, (_, n) => home.events.published({ title: `n${n}`, text: `word${n}` }));
    const { archive } = home.open();
    for (const event of events) await archive.append(event, count);
    const processes = Array.from({ length: 4 }, open);
    const seen = await Promise.all(processes.map(titles));
    for (const list of seen) expect(list).toHaveLength(50);
    for (const { index } of processes) {
      expect((await index.search(ada, query())).total).toBe(120);
      expect((await index.search(ada, query({ q: 'word77' }))).total).toBe(1);
      expect((await index.facets(ada)).owners).toEqual([{ name: 'ada', count: 120 }]);
    }
  });
});

describe('another process that has the file to itself', () => {
  it('does not hold up who opens an index that is there', async () => {
    await publish('x');
    const first = open();
    await titles(first);
    const writer = hold();
    const second = createSqliteIndex({ directory, log: home.log });
    opened.push(second);
    expect((await second.search(ada, query())).total).toBe(1);
    writer.close();
  });

  it('is waited for without blocking by who opens one that is empty', async () => {
    await publish('x');
    mkdirSync(directory);
    writeFileSync(file(`index-${SCHEMA}.1.db`), '');
    const writer = hold();
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 5);
    setTimeout(() => writer.close(), 400);
    expect(await titles(open())).toEqual(['x']);
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(5);
  });

  it('is waited for where the file was replaced', async () => {
    await publish('x');
    const reader = open();
    expect(await titles(reader)).toEqual(['x']);
    rmSync(directory, { recursive: true });
    mkdirSync(directory);
    writeFileSync(file(`index-${SCHEMA}.1.db`), '');
    const writer = hold();
    setTimeout(() => writer.close(), 200);
    expect(await titles(reader)).toEqual(['x']);
  });

  /** Has the write lock until it is closed. */
  function hold(): DatabaseSync {
    const writer = new DatabaseSync(file());
    writer.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE');
    return writer;
  }
});

function damage(from: number, to: number) {
  const bytes = readFileSync(file());
  for (let at = from; at < Math.min(to, bytes.length); at++) bytes[at] = (at * 7919) % 251;
  writeFileSync(file(), bytes);
}

function change(sql: string) {
  const database = new DatabaseSync(file());
  database.exec(sql);
  database.close();
}
