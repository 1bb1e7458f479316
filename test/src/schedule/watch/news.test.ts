import { afterEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import type { ScheduleNews } from '../../../../contract/schedule/index.js';
import { NewsModel } from '../../../../src/schedule/watch/newsModel.js';
import { NewsOfTabs } from '../../../../src/schedule/watch/tabs.js';
import type { ILocks } from '../../../../src/schedule/watch/tabs.js';
import { FakeSchedules, runOf } from '../support.js';

const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach(end => end()));

function made() {
  const fake = new FakeSchedules();
  const waits: number[] = [];
  const model = new NewsModel({
    client: fake.client,
    wait: async (milliseconds, signal) => {
      waits.push(milliseconds);
      await Promise.resolve();
      signal.throwIfAborted();
    }
  });
  const heard: ScheduleNews[] = [];
  let connected = 0;
  model.news.connect((_, news) => heard.push(news));
  model.connected.connect(() => (connected += 1));
  ends.push(() => model.dispose());
  return { fake, model, waits, heard, connections: () => connected };
}

const news = { type: 'run', run: runOf(1, 1) } satisfies ScheduleNews;

describe('the news', () => {
  test('are told as they come', async () => {
    const { fake, model, heard, connections } = made();
    void model.follow();
    await vi.waitFor(() => expect(fake.news.connections).toBe(1));
    expect(connections()).toBe(1);
    fake.news.push(news);
    await vi.waitFor(() => expect(heard).toEqual([news]));
  });

  test('connect again after an end, and miss nothing', async () => {
    const { fake, model, heard, connections } = made();
    void model.follow();
    await vi.waitFor(() => expect(fake.news.connections).toBe(1));
    fake.news.end();
    // Nothing was told yet, so nobody knows what was missed.
    await vi.waitFor(() => expect(fake.news.connections).toBe(2));
    expect(connections()).toBe(2);
    fake.news.push(news);
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    fake.news.end();
    fake.news.push({ type: 'changed', scheduleId: news.run.scheduleId });
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(fake.news.connections).toBe(3);
    expect(connections()).toBe(2);
  });

  test('wait longer and longer where nobody answers, and long where they are refused', async () => {
    const { fake, model, waits } = made();
    const error = new ProblemError('unavailable', 'Not there.');
    for (let n = 0; n < 8; n++) fake.failures.push({ id: 'schedule.news', error });
    fake.failures.push({ id: 'schedule.news', error: new ProblemError('not-found', 'Unknown.') });
    void model.follow();
    await vi.waitFor(() => expect(fake.news.connections).toBe(1));
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 300_000]);
  });

  test('end with the model', async () => {
    const { fake, model } = made();
    const following = model.follow();
    await vi.waitFor(() => expect(fake.news.connections).toBe(1));
    model.dispose();
    await following;
    expect(fake.news.connections).toBe(1);
  });
});

describe('the news of several tabs', () => {
  /** The locks of one browser. */
  function locks(): ILocks {
    let last = Promise.resolve();
    return {
      request: (_, work) => {
        last = last.then(work);
        return last;
      }
    };
  }

  test('come over one connection; the next tab takes over when the first is closed', async () => {
    const fake = new FakeSchedules();
    const shared = locks();
    const tab = () => {
      const tabs = new NewsOfTabs({
        base: 'http://localhost/lakeside/',
        locks: shared,
        follow: () => new NewsModel({ client: fake.client, wait: () => Promise.resolve() })
      });
      const heard: ScheduleNews[] = [];
      let connected = 0;
      tabs.news.connect((_, each) => heard.push(each));
      tabs.connected.connect(() => (connected += 1));
      ends.push(() => tabs.dispose());
      return { tabs, heard, connections: () => connected };
    };
    const [one, other] = [tab(), tab()];
    await vi.waitFor(() => expect(fake.news.connections).toBe(1));
    fake.news.push(news);
    await vi.waitFor(() => expect([one.heard, other.heard]).toEqual([[news], [news]]));
    expect(other.connections()).toBe(1);

    one.tabs.dispose();
    await vi.waitFor(() => expect(fake.news.connections).toBe(2));
    await vi.waitFor(() => expect(other.connections()).toBe(2));
    fake.news.push(news);
    await vi.waitFor(() => expect(other.heard).toHaveLength(2));
    expect(one.heard).toHaveLength(1);
  });

  test('without locks each tab has a connection of its own', async () => {
    const fake = new FakeSchedules();
    for (let n = 0; n < 2; n++) {
      const tabs = new NewsOfTabs({
        base: `http://localhost/alone-${n}/`,
        locks: undefined,
        follow: () => new NewsModel({ client: fake.client, wait: () => Promise.resolve() })
      });
      ends.push(() => tabs.dispose());
    }
    await vi.waitFor(() => expect(fake.news.connections).toBe(2));
  });
});
