import { beforeEach, describe, expect, test } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { PageConflict, PublishRequest, type ShareResult } from '../../../../contract/share/index.js';
import { createMemoryWiki } from '../../../../server/adapters/memory/wiki.js';
import { MARK } from '../../../../server/share/gate/mask.js';
import type { Wikis } from '../../../../server/share/ports.js';
import { localRenderer } from '../../../support/rendering.js';
import { ada, never, notebook, shareHome, type ProcessOptions } from '../../../support/share/home.js';

const text = (line = 'one') => notebook(['# Delays', line, { source: 'print(1)', output: '1' }]);

let home: ReturnType<typeof shareHome>;
let wiki: ReturnType<typeof createMemoryWiki>;
let options: ProcessOptions;

beforeEach(() => {
  home = shareHome();
  wiki = createMemoryWiki();
  const wikis: Wikis = {
    list: () => [{ id: 'data', kind: 'memory', label: 'Data wiki', description: 'Of the data team.' }],
    open: async () => wiki.target
  };
  options = { wikis, renderer: localRenderer() };
  home.write('a.ipynb', text());
});

const only = () => wiki.people.pages()[0]!;

describe('a share to a wiki', () => {
  test('goes to the Library and to the wiki, which leads back to it', async () => {
    const p = home.start(options);
    expect(p.service.targets(ada).map(target => target.id)).toEqual(['library', 'data']);
    const job = await p.shareJob('a.ipynb', { target: 'data', tags: ['flights'], place: { space: 'lab' } });
    expect(job.problem).toBeUndefined();
    expect(job.steps.map(step => [step.name, step.state])).toEqual(
      [
        'read',
        'scan',
        'render',
        'upload',
        'page',
        'verify',
        'wiki-render',
        'wiki-page',
        'wiki-figures',
        'wiki-text'
      ].map(name => [name, name === 'wiki-figures' ? 'skipped' : 'done'])
    );
    const result = job.result as ShareResult;
    expect(result).toMatchObject({
      outcome: 'created',
      wiki: { target: 'data', title: 'Delays', outcome: 'created', uploads: 0, edits: 2 }
    });
    expect(only()).toMatchObject({ title: 'Delays', space: 'lab', url: result.wiki!.url });
    const page = `https://lab.example.org/lakeside/${result.page}`;
    expect(only().body).toContain(`[Open in the Library](<${page}>)`);
    expect(only().body).toContain(`[Open a copy in JupyterLab](<${page}?fork>)`);
    expect(only().body).toContain('print(1)');
  });

  test('sends what passed the secret gate, also where the Library has it already', async () => {
    const p = home.start(options);
    const password = ['Winter', '2031!'].join('');
    home.write('a.ipynb', notebook(['# Delays', { source: `password = "${password}"`, output: '1' }]));
    await p.share('a.ipynb');
    await p.share('a.ipynb', { target: 'data' });
    expect(only().body).toContain(`password = "${MARK}"`);
    expect(only().body).not.toContain(password);
  });

  test('writes nothing where nothing changed, and one edit where something did', async () => {
    const p = home.start(options);
    await p.share('a.ipynb', { target: 'data', hideCode: true });
    expect((await p.share('a.ipynb', { target: 'data' })).wiki).toMatchObject({ outcome: 'unchanged', edits: 0 });
    home.write('a.ipynb', text('two'));
    expect((await p.share('a.ipynb', { target: 'data' })).wiki).toMatchObject({ outcome: 'updated', edits: 1 });
    expect(only().body).toContain('<details>');
    expect(wiki.people.pages()).toHaveLength(1);
  });

  test('of a notebook that is in the Library already writes to the wiki alone', async () => {
    const p = home.start(options);
    await p.share('a.ipynb');
    expect(await p.share('a.ipynb', { target: 'data' })).toMatchObject({
      outcome: 'unchanged',
      wiki: { outcome: 'created' }
    });
  });

  test('stops at an edit inside its part until a person answers', async () => {
    const p = home.start(options);
    await p.share('a.ipynb', { target: 'data' });
    wiki.people.edit(only().id, body => body.replace('one', 'one, says Bob'), 'Bob');
    home.write('a.ipynb', notebook(['# Delays', 'one', { source: 'print(2)', output: '1' }]));
    const failed = await p.shareJob('a.ipynb', { target: 'data' });
    expect(failed.problem).toMatchObject({ code: 'target-conflict', detail: expect.stringContaining('Bob') });
    expect(only().body).toContain('says Bob');
    await p.share('a.ipynb', { target: 'data', conflict: 'merge' });
    expect(only().body).toContain('says Bob');
    expect(only().body).toContain('print(2)');
    const { wiki: made } = await p.share('a.ipynb', { target: 'data', conflict: 'new', title: 'Delays 2' });
    expect(made).toMatchObject({ outcome: 'created', title: 'Delays 2' });
    expect(wiki.people.pages()).toHaveLength(2);
    expect((await p.share('a.ipynb', { target: 'data' })).wiki).toMatchObject({
      outcome: 'unchanged',
      title: 'Delays 2'
    });
  });

  test('hands the change on, and nobody loses a page where no new one was made', async () => {
    const p = home.start(options);
    await p.share('a.ipynb', { target: 'data' });
    const before = only();
    wiki.people.edit(before.id, body => body.replace('one', 'uno'), 'Bob');
    home.write('a.ipynb', text('eins'));
    const { problem } = await p.shareJob('a.ipynb', { target: 'data' });
    const conflict = PageConflict.parse(problem?.details);
    expect(conflict).toMatchObject({
      kind: 'edited',
      pages: [{ id: before.id, title: 'Delays', url: before.url }],
      editor: 'Bob',
      answers: ['overwrite', 'new'],
      counts: { clash: 1 },
      library: { versionNumber: 2 }
    });
    expect(JSON.stringify(conflict.parts)).not.toContain('lakeside:begin');
    expect(await p.service.state(ada, { path: 'a.ipynb' })).toMatchObject({ state: 'changed' });

    // The title is taken, so no new page is made: the notebook still has the one it had.
    const refused = await p.shareJob('a.ipynb', { target: 'data', conflict: 'new' });
    expect(refused.problem).toMatchObject({ code: 'target-conflict', errors: [{ field: 'title' }] });
    expect((await p.shareJob('a.ipynb', { target: 'data' })).problem?.details).toMatchObject({ kind: 'edited' });
    const place = { title: 'Delays, ours' };
    const made = await p.share('a.ipynb', { target: 'data', conflict: 'new', place });
    expect(made).toMatchObject({ title: 'Delays', wiki: { title: 'Delays, ours', outcome: 'created' } });
    expect(wiki.people.pages().find(({ id }) => id === before.id)?.body).toContain('uno');
    expect((await p.share('a.ipynb', { target: 'data' })).wiki).toMatchObject({ outcome: 'unchanged' });
  });

  test('of a page that was deleted asks, and makes a new one where a person says so', async () => {
    const p = home.start(options);
    await p.share('a.ipynb', { target: 'data' });
    wiki.people.remove(only().id);
    home.write('a.ipynb', text('two'));
    const { problem } = await p.shareJob('a.ipynb', { target: 'data' });
    expect(problem).toMatchObject({ code: 'target-not-found', details: { kind: 'missing', answers: ['new'] } });
    expect((await p.share('a.ipynb', { target: 'data', conflict: 'new' })).wiki).toMatchObject({ outcome: 'created' });
    expect(wiki.people.pages()).toHaveLength(1);
  });

  test('follows a page that was renamed, and says so', async () => {
    const p = home.start(options);
    await p.share('a.ipynb', { target: 'data' });
    wiki.people.rename(only().id, 'Lateness');
    home.write('a.ipynb', text('two'));
    const { notes, wiki: made } = await p.share('a.ipynb', { target: 'data' });
    expect(made).toMatchObject({ title: 'Lateness', outcome: 'updated' });
    expect(notes).toContain('The page "Delays" is called "Lateness" in the wiki now.');
    expect((await p.share('a.ipynb', { target: 'data' })).notes).toEqual([]);
  });

  test('is part of the state of the notebook: where its pages are, and whether they lag behind', async () => {
    const p = home.start(options);
    await p.share('a.ipynb');
    expect((await p.service.state(ada, { path: 'a.ipynb' })).published).toMatchObject({ target: 'library', wikis: [] });
    await p.share('a.ipynb', { target: 'data' });
    const { url } = only();
    expect(await p.service.state(ada, { path: 'a.ipynb' })).toMatchObject({
      state: 'up-to-date',
      published: { target: 'data', wikis: [{ target: 'data', title: 'Delays', url }] }
    });
    expect((await home.start(options).service.state(ada, { path: 'a.ipynb' })).published?.target).toBe('data');
    home.write('a.ipynb', text('two'));
    await p.share('a.ipynb');
    expect(await p.service.state(ada, { path: 'a.ipynb' })).toMatchObject({ state: 'changed' });
    await p.share('a.ipynb', { target: 'data' });
    expect(await p.service.state(ada, { path: 'a.ipynb' })).toMatchObject({ state: 'up-to-date' });
  });

  test('can be prepared: how the wiki stands, its spaces, and pages to go below', async () => {
    const { places } = home.start(options).service;
    wiki.people.add('Analytics', 'x', 'lab');
    wiki.people.add('Annals', 'x', 'home');
    expect(await places.standing(ada, 'data', never)).toEqual({
      software: 'Memory wiki',
      account: 'Lakeside',
      lacks: [],
      spaces: true,
      parents: true,
      home: { id: 'home', name: 'Home' }
    });
    expect(await places.spaces(ada, 'data', 'lab', never)).toEqual([{ id: 'lab', name: 'Laboratory' }]);
    const found = await places.parents(ada, 'data', { query: 'an', space: 'lab' }, never);
    expect(found).toEqual([{ id: '1', title: 'Analytics', space: 'lab', url: expect.stringContaining('https://') }]);
    expect(await places.standing(ada, 'library', never)).toMatchObject({ spaces: false, parents: false });
    expect(await places.spaces(ada, 'library', '', never)).toEqual([]);
    await expect(places.standing(ada, 'nowhere', never)).rejects.toMatchObject({ code: 'not-found' });
    await expect(places.spaces(ada, 'nowhere', '', never)).rejects.toMatchObject({ code: 'not-found' });
    await expect(places.parents(ada, 'data', { query: '' }, AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled'
    });
  });

  test('says why where the wiki is down, keeps the Library, and goes on later', async () => {
    const p = home.start({
      ...options,
      wikis: {
        ...options.wikis!,
        open: () => Promise.reject(new ProblemError('target-unreachable', 'Data wiki cannot be reached.'))
      }
    });
    const job = await p.shareJob('a.ipynb', { target: 'data' });
    expect(job).toMatchObject({ state: 'failed', problem: { code: 'target-unreachable' } });
    expect((await home.start(options).share('a.ipynb', { target: 'data' })).wiki).toMatchObject({ outcome: 'created' });
  });

  test('to a wiki that is not in the configuration is refused', async () => {
    const p = home.start(options);
    const request = PublishRequest.parse({ opId: home.ids.next(), path: 'a.ipynb', target: 'nowhere' });
    await expect(p.service.publish(ada, request)).rejects.toMatchObject({ code: 'not-found' });
  });
});

const points = [
  'wiki:library-shared',
  'wiki:marker-stored',
  'wiki:rendered',
  'wiki:page-found',
  'wiki:page-created',
  'wiki:page-there',
  'wiki:uploaded',
  'wiki:intent-stored',
  'wiki:body-written',
  'wiki:read-back'
];

test.each(points)('dead at %s: another process finishes it, on one page', async at => {
  await new Promise<void>(reached => {
    const dying = home.start({
      ...options,
      failPoint: name => {
        if (name !== at) return undefined;
        reached();
        return new Promise<never>(() => undefined);
      }
    });
    void dying.service.publish(ada, PublishRequest.parse({ opId: home.ids.next(), path: 'a.ipynb', target: 'data' }));
  });
  home.kill({ instance: 'p1' });
  const other = home.start(options);
  expect(other.jobs.reconcile(ada)).toBe(1);
  const [job] = other.jobs.list(ada, { active: false, limit: 5 });
  const ended = await other.finish(job!, ada);
  expect(ended.problem).toBeUndefined();
  expect(wiki.people.pages()).toHaveLength(1);
  expect(only().body).toContain('print(1)');
  expect(wiki.people.counts.edits).toBe(2);
  expect((await other.share('a.ipynb', { target: 'data' })).wiki).toMatchObject({ outcome: 'unchanged' });
});
