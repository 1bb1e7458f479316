import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../server/adapters/clock-system/index.js';
import { composePublisher } from '../../../../server/composePublisher.js';
import type { FailPoint } from '../../../../server/ports.js';
import type { PublishOrder } from '../../../../server/schedule/publish/ports.js';
import { scratch } from '../../../support/scratch.js';
import { ada, notebook, shareHome } from '../../../support/share/home.js';

const never = new AbortController().signal;
const ran = { source: 'plot()', output: 'new '.repeat(2000) };

/** A home with a shared notebook, and the output of a run of it. */
async function home(path = 'a.ipynb') {
  const at = shareHome();
  at.write('a.ipynb', notebook(['# A', { source: 'plot()', output: 'old' }]));
  const first = at.start();
  const shared = await first.share('a.ipynb', { title: 'Mine', tags: ['t'] });
  const output = join(at.folder, 'output.ipynb');
  writeFileSync(output, notebook(['# A', ran], shared.notebookId));
  const order: PublishOrder = {
    opId: at.ids.next(),
    owner: 'ada',
    target: 'library',
    root: at.rootDir,
    notebook: path,
    output,
    run: { id: at.ids.next(), schedule: 'Morning', at: '2026-11-23T06:30:00.000Z' }
  };
  const publisherOf = (process: typeof first) =>
    composePublisher({ publish: process.service, jobs: process.jobs, clock: systemClock });
  return { at, first, shared, order, output, publisherOf };
}

describe('the output of a run', () => {
  it('becomes a version of the page of the notebook that ran, with when and by which schedule', async () => {
    const { first, shared, order, publisherOf, at } = await home();
    const published = await publisherOf(first).publish(order, never);
    expect(published).toEqual({ title: 'Mine', page: shared.page, versionNumber: 2 });
    const entry = await first.catalogue.get(ada, shared.notebookId);
    expect(entry?.item).toMatchObject({ title: 'Mine', tags: ['t'], owner: 'ada' });
    expect(entry?.versions[0]?.provenance).toMatchObject({ run: order.run });
    expect(entry?.versions[0]?.hideCode).toBe(false);
    // The notebook is another one on disk, and stays the one that it was.
    const state = await first.service.state(ada, { path: 'a.ipynb' });
    expect(state).toMatchObject({ notebookId: shared.notebookId, standing: 'known', state: 'changed' });
    expect(at.read('a.ipynb')).toContain('old');
  });

  it('may be hidden code, and stays so where nobody says otherwise', async () => {
    const { first, shared, order, publisherOf, output, at } = await home();
    await publisherOf(first).publish({ ...order, hideCode: true }, never);
    writeFileSync(output, notebook(['# A', { ...ran, output: 'newer' }]));
    await publisherOf(first).publish({ ...order, opId: at.ids.next() }, never);
    const entry = await first.catalogue.get(ada, shared.notebookId);
    expect(entry?.versions.map(({ hideCode }) => hideCode)).toEqual([true, true, false]);
  });

  it('of a notebook that is below another root than this server’s gets its page too', async () => {
    const { first, order, publisherOf } = await home();
    const other = join(scratch(), 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'b.ipynb'), notebook(['# B']));
    writeFileSync(order.output, notebook(['# B', ran]));
    const published = await publisherOf(first).publish({ ...order, root: other, notebook: 'b.ipynb' }, never);
    expect(published).toMatchObject({ title: 'B', versionNumber: 1 });
  });

  it('that is gone, or whose notebook is, is refused with a sentence', async () => {
    const { first, order, publisherOf, at } = await home();
    const publisher = publisherOf(first);
    await expect(publisher.publish({ ...order, output: join(at.folder, 'none') }, never)).rejects.toMatchObject({
      code: 'file-not-found'
    });
    await expect(publisher.publish({ ...order, notebook: 'none.ipynb' }, never)).rejects.toMatchObject({
      code: 'file-not-found'
    });
  });

  it.each([
    'share:accepting',
    'share:accepted',
    'share:bound',
    'share:passed',
    'share:blobs-stored',
    'share:manifest-stored',
    'share:event-appended',
    'share:verified'
  ])('is published once where a process dies at %s', async at => {
    const { at: homeOf, shared, order, publisherOf } = await home();
    const reached = Promise.withResolvers<boolean>();
    const failPoint: FailPoint = name => {
      if (name !== at) return undefined;
      reached.resolve(true);
      return new Promise<never>(() => undefined);
    };
    const dying = homeOf.start({ failPoint });
    const death = new AbortController();
    publisherOf(dying)
      .publish(order, death.signal)
      .catch(() => undefined);
    await reached.promise;
    homeOf.kill(dying);
    death.abort();
    const next = homeOf.start();
    next.jobs.reconcile(ada);
    const published = await publisherOf(next).publish(order, never);
    expect(published).toMatchObject({ page: shared.page, versionNumber: 2 });
    expect(await publisherOf(next).publish(order, never)).toEqual(published);
    expect((await next.catalogue.get(ada, shared.notebookId))?.versions).toHaveLength(2);
  });
});
