import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFileObjectStore } from '../../../../server/adapters/objectstore-fs/index.js';
import { createSqliteIndex } from '../../../../server/adapters/sqlite-index/index.js';
import { createArchive } from '../../../../server/share/archive/archive.js';
import { createFollower } from '../../../../server/share/archive/follower.js';
import { ada, createEvents, createTestClock, createTestLog, query } from '../../../support/library.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'lakeside-library-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

it('shows in one process what another one published', async () => {
  const clock = createTestClock();
  const log = createTestLog();
  const open = (name: string) => {
    const store = createFileObjectStore({ directory: join(home, 'archive') });
    const index = createSqliteIndex({ directory: join(home, name), log });
    const follower = createFollower({ store, index, clock, log });
    return { archive: createArchive({ store, clock, log, appended: event => follower.note(event) }), follower, index };
  };
  const [one, two] = [open('index'), open('index')];
  const events = createEvents(clock);
  const event = events.published({ title: 'Seen by both' });
  await one.archive.append(event, { objects: 0, bytes: 0 });
  const { value } = await two.follower.read(() => two.index.search(ada, query({ q: 'both' })));
  expect(value.items.map(item => item.title)).toEqual(['Seen by both']);
  await one.index.close();
  await two.index.close();
});
