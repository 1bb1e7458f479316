import { nullTranslator } from '@jupyterlab/translation';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ProblemError, type ProblemCode } from '../../../contract/problem.js';
import type { PageConflict } from '../../../contract/share/index.js';
import { DialogBody } from '../../../src/share/dialog/body.js';
import { DialogModel } from '../../../src/share/dialogModel.js';
import { setUp } from '../../support/fakeShare.js';

afterEach(cleanup);

const delays = { id: '7', title: 'Analytics/Delays', url: 'https://wiki.example.org/7' };
const run = (kind: 'same' | 'added' | 'removed', text: string) => ({ kind, text });

const edited: PageConflict = {
  kind: 'edited',
  pages: [delays],
  editor: 'Bob',
  editedAt: '2026-11-21T10:00:00.000Z',
  seen: 'the text of Bob',
  answers: ['merge', 'overwrite', 'new'],
  counts: { theirs: 1, ours: 1, both: 0, clash: 0 },
  parts: [
    { kind: 'fold', lines: 12 },
    { kind: 'same', base: 'As before.' },
    {
      kind: 'theirs',
      base: 'one',
      theirs: [run('same', 'one'), run('added', ', says Bob')],
      ours: [run('same', 'one')]
    },
    { kind: 'ours', base: '', theirs: [], ours: [run('added', 'two')] }
  ],
  cut: false
};
const clashing: PageConflict = {
  ...edited,
  answers: ['overwrite', 'new'],
  counts: { theirs: 2, ours: 0, both: 0, clash: 1 },
  parts: [
    {
      kind: 'clash',
      base: 'one',
      theirs: [run('removed', 'one'), run('added', 'uno')],
      ours: [run('removed', 'one'), run('added', 'eins')]
    }
  ],
  cut: true
};
const nothing = { counts: { theirs: 0, ours: 0, both: 0, clash: 0 }, parts: [], cut: false };
const missing: PageConflict = { ...nothing, kind: 'missing', pages: [delays], answers: ['new'] };
const copies: PageConflict = {
  ...nothing,
  kind: 'copies',
  pages: [delays, { id: '8', title: 'A copy', url: 'https://wiki.example.org/8' }],
  answers: ['new']
};

/** The dialog, after a share to the wiki met a conflict. */
async function meet(details: PageConflict, code: ProblemCode = 'target-conflict') {
  const world = setUp({ path: 'team/a.ipynb' });
  const { lakeside, model } = world;
  lakeside.targets.push({ id: 'data', kind: 'mediawiki', label: 'Data wiki', description: 'Of the data team' });
  world.folders.set('team', { target: 'data', parent: { id: '3', title: 'Analytics', space: '0' } });
  await model.refresh();
  const stand = () => {
    const error = new ProblemError(code, 'Bob changed it. Choose.', { details });
    lakeside.jobs.failAt = { step: 'verify', error };
  };
  const dialog = new DialogModel({
    api: world.api,
    share: model,
    publisher: world.publisher,
    settings: { defaultTags: [], hideCode: false, preview: true },
    copyText: () => Promise.resolve(true),
    places: world.places,
    sentences: {
      title: 'Give a title.',
      duplicate: 'Choose one.',
      reason: 'Say why.',
      conflict: 'Choose something.',
      place: 'Choose a space.'
    }
  });
  const onClose = vi.fn();
  render(<DialogBody model={dialog} trans={nullTranslator.load('lakeside')} onOpen={vi.fn()} onClose={onClose} />);
  await act(() => dialog.load());
  stand();
  await press('Share');
  await screen.findByRole('heading');
  return { ...world, dialog, onClose, stand };
}

const press = (name: string) => act(async () => fireEvent.click(screen.getByRole('button', { name })));
const option = (name: RegExp) => screen.getByRole<HTMLInputElement>('radio', { name });
const answer = (name: RegExp) => act(async () => fireEvent.click(option(name)));
const settled = async (world: Awaited<ReturnType<typeof meet>>) => {
  await screen.findByText(/Shared to Data wiki/);
  return world.lakeside.lastBody('share.publish');
};

describe('a page that somebody changed', () => {
  test('says who and when, shows both sides, and has the focus', async () => {
    await meet(edited);
    const heading = screen.getByRole('heading');
    expect(heading.textContent).toMatch(/Bob changed Analytics\/Delays/);
    expect(document.activeElement).toBe(heading);
    expect(screen.getByRole<HTMLAnchorElement>('link').href).toBe(delays.url);
    const text = screen.getByRole('region', { name: 'What changed since the last share' });
    expect(text.tabIndex).toBe(0);
    expect(text.textContent).toContain('12 unchanged lines');
    const bob = within(text).getByRole('group', { name: 'Changed by Bob' });
    expect(bob.querySelector('ins')?.textContent).toBe(', says Bob');
    const mine = within(text).getByRole('group', { name: 'Changed in your notebook' });
    expect(mine.textContent).toContain('nothing');
    expect(screen.queryByRole('region', { name: 'Preview' })).toBeNull();
  });

  test('says that the Library has the new version, whatever becomes of the page', async () => {
    await meet({ ...edited, library: { versionNumber: 3 } });
    expect(screen.getByText('The Library has version 3 already; no page in the wiki was changed.')).toBeTruthy();
  });

  test('is merged where nothing clashes, which is offered first', async () => {
    const world = await meet(edited);
    expect(option(/^Merge/).checked).toBe(true);
    await press('Merge');
    expect(await settled(world)).toMatchObject({ target: 'data', conflict: 'merge', seen: 'the text of Bob' });
  });

  test('cannot be merged where both changed the same: it says where, and takes no answer for granted', async () => {
    const { lakeside } = await meet(clashing);
    expect(option(/^Merge.*1 place was changed on both sides/).disabled).toBe(true);
    const clash = screen.getByRole('group', { name: 'Changed on both sides' });
    expect([...clash.querySelectorAll('ins')].map(each => each.textContent)).toEqual(['uno', 'eins']);
    expect(screen.getByText(/too long to be shown/)).toBeTruthy();
    await press('Update page');
    expect(screen.getByRole('alert').textContent).toBe('Choose something.');
    expect(lakeside.count('share.publish')).toBe(1);
  });

  test('is overwritten where the person says so, knowing what is lost', async () => {
    const world = await meet(clashing);
    await answer(/^Overwrite.*3 changes made there are lost/);
    await press('Overwrite page');
    expect(await settled(world)).toMatchObject({ conflict: 'overwrite' });
  });

  test('stays, and the notebook goes on on a new page in the same place', async () => {
    const world = await meet(edited);
    await answer(/^New page/);
    const title = screen.getByRole<HTMLInputElement>('textbox', { name: 'Title' });
    expect(title.value).toBe('Delays (2)');
    fireEvent.change(title, { target: { value: ' ' } });
    await press('Make new page');
    expect(screen.getByRole('alert').textContent).toBe('Give a title.');
    fireEvent.change(title, { target: { value: 'Delays, by us' } });
    await press('Make new page');
    expect(await settled(world)).toMatchObject({
      conflict: 'new',
      title: 'Delays',
      place: { title: 'Delays, by us', parent: '3' }
    });
  });

  test('a title that is taken is said where it was typed', async () => {
    const { lakeside } = await meet(edited);
    await answer(/^New page/);
    const message = 'Data wiki has a page "Delays (2)" already.';
    const errors = [{ field: 'title', message }];
    lakeside.jobs.failAt = { step: 'verify', error: new ProblemError('target-conflict', message, { errors }) };
    await press('Make new page');
    expect((await screen.findByRole('alert')).textContent).toBe(message);
    expect(screen.getByRole('textbox', { name: 'Title' }).getAttribute('aria-invalid')).toBe('true');
  });

  test('cancel keeps everything', async () => {
    const { lakeside, onClose } = await meet(edited);
    await press('Cancel');
    expect(onClose).toHaveBeenCalled();
    expect(lakeside.count('share.publish')).toBe(1);
  });

  test('an answer that was cancelled under way can be given again', async () => {
    const { lakeside } = await meet(edited);
    lakeside.jobs.holdAt = 'upload';
    await press('Merge');
    await screen.findByRole('progressbar');
    await screen.findByText('Rendered 2 cells');
    await press('Cancel');
    await waitFor(() => expect(option(/^Merge/).checked).toBe(true));
  });

  test('a fault after the answer is tried again with the answer', async () => {
    const world = await meet(edited);
    await answer(/^Overwrite/);
    world.lakeside.jobs.failAt = { step: 'verify', error: new ProblemError('target-busy', 'Wait.') };
    await press('Overwrite page');
    await screen.findByText('Wait.');
    await press('Retry');
    expect(await settled(world)).toMatchObject({ conflict: 'overwrite' });
  });

  test('changed once more meanwhile, it is shown anew', async () => {
    const { stand } = await meet(edited);
    stand();
    await press('Merge');
    await waitFor(() => expect(screen.getByRole('heading').textContent).toContain('Bob changed'));
  });
});

describe('a page that is gone', () => {
  test('is looked for again, or made anew under its title', async () => {
    const world = await meet(missing, 'target-not-found');
    expect(screen.getByRole('heading').textContent).toContain('Analytics/Delays');
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Title' }).value).toBe('Delays');
    world.stand();
    await press('Look again');
    await screen.findByRole('heading');
    expect(world.lakeside.lastBody('share.publish')?.['conflict']).toBeUndefined();
    await press('Make new page');
    expect(await settled(world)).toMatchObject({ conflict: 'new', place: { title: 'Delays' } });
  });
});

describe('marks that are damaged', () => {
  test('the person looks again, lets it be written below, or takes a new page', async () => {
    const world = await meet({ ...edited, kind: 'unmarked', answers: ['overwrite', 'new'] });
    expect(screen.getByRole('heading').textContent).toContain("marks of Lakeside's part");
    expect(screen.queryByRole('radio', { name: /^Merge/ })).toBeNull();
    expect(screen.getByRole('button', { name: 'Look again' })).toBeTruthy();
    await answer(/^Write it again on that page/);
    await press('Write it again');
    expect(await settled(world)).toMatchObject({ conflict: 'overwrite' });
  });
});

describe('several pages with the mark', () => {
  test('the person chooses the one to go on with', async () => {
    const world = await meet(copies);
    await press('Update page');
    expect(screen.getByRole('alert').textContent).toBe('Choose something.');
    await answer(/Go on with "A copy"/);
    await press('Update page');
    const sent = await settled(world);
    expect(sent).toMatchObject({ wikiPage: '8' });
    expect(sent?.['conflict']).toBeUndefined();
  });
});
