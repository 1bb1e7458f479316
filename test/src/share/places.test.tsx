import { nullTranslator } from '@jupyterlab/translation';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { DialogBody } from '../../../src/share/dialog/body.js';
import { DialogModel } from '../../../src/share/dialogModel.js';
import { policyWords } from '../../../src/share/policy.js';
import { createPlaceMemory, folderOf } from '../../../src/share/placeMemory.js';
import { setUp } from '../../support/fakeShare.js';

afterEach(cleanup);

type World = ReturnType<typeof setUp>;

const library = { id: 'library', kind: 'library', label: 'Library', description: 'Pages on this server' };
const data = { id: 'data', kind: 'mediawiki', label: 'Data wiki', description: 'Of the data team' };
const old = { id: 'old', kind: 'dokuwiki', label: 'Old wiki', description: 'On its way out' };
const page = (id: string, title: string, space = '0') => ({ id, title, space, url: `https://wiki.example.org/${id}` });

/** The dialog with two wikis. */
async function open(prepare: (world: World) => void = () => undefined, world = setUp({ path: 'team/a.ipynb' })) {
  const { lakeside } = world;
  lakeside.targets = [library, data, old];
  lakeside.spaces = [
    { id: '0', name: 'Main' },
    { id: '4', name: 'Project' }
  ];
  lakeside.parents = [page('7', 'Analytics'), page('8', 'Analytics/Flights'), page('9', 'Project:Plans', '4')];
  prepare(world);
  await world.model.refresh();
  const dialog = new DialogModel({
    api: world.api,
    share: world.model,
    publisher: world.publisher,
    settings: { defaultTags: [], hideCode: false, preview: false },
    copyText: () => Promise.resolve(true),
    places: world.places,
    sentences: {
      title: 'Give a title.',
      duplicate: 'Choose one.',
      reason: 'Say why.',
      conflict: 'Choose.',
      place: 'Choose a space.'
    }
  });
  render(<DialogBody model={dialog} trans={nullTranslator.load('lakeside')} onOpen={vi.fn()} onClose={vi.fn()} />);
  await act(() => dialog.load());
  return { ...world, dialog };
}

const place = (name: RegExp) => screen.getByRole<HTMLInputElement>('radio', { name });
const choose = (name: RegExp) => act(async () => fireEvent.click(place(name)));
const field = (name: string) => screen.getByRole<HTMLInputElement>('combobox', { name });
const press = (name: string, key: string) => act(async () => fireEvent.keyDown(field(name), { key }));
const type = (name: string, value: string) => act(async () => fireEvent.change(field(name), { target: { value } }));
const found = async (name: string) =>
  (await within(await screen.findByRole('listbox', { name })).findAllByRole('option')).map(each => each.textContent);
const submit = () => act(async () => fireEvent.click(screen.getByRole('button', { name: /^(Share|Update page)$/ })));

describe('the chooser', () => {
  test('names every place with its kind', async () => {
    await open();
    expect(place(/Library/).checked).toBe(true);
    expect(place(/Data wiki.*MediaWiki/)).toBeTruthy();
    expect(place(/Old wiki.*DokuWiki/)).toBeTruthy();
  });

  test('shows a place that cannot be reached with the reason, and asks again', async () => {
    const { lakeside } = await open(world => {
      const error = new ProblemError('target-unreachable', 'Old wiki cannot be reached at wiki.example.org.');
      world.lakeside.standings.set('old', error);
    });
    await screen.findByText(/Old wiki cannot be reached/);
    expect(place(/Old wiki/).disabled).toBe(true);
    expect(place(/Data wiki/).disabled).toBe(false);
    lakeside.standings.delete('old');
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Try Old wiki again' })));
    await waitFor(() => expect(place(/Old wiki/).disabled).toBe(false));
    expect(screen.queryByText(/cannot be reached/)).toBeNull();
  });

  test('does not share to a place that cannot be reached', async () => {
    const { lakeside } = await open(world => {
      world.folders.set('team', { target: 'old' });
      world.lakeside.standings.set('old', new ProblemError('target-signin', 'Renew the password.'));
    });
    expect(place(/Old wiki/).checked).toBe(true);
    await screen.findByText('Renew the password.');
    await submit();
    expect(screen.getByRole('alert').textContent).toBe('Choose a place that can be reached.');
    expect(lakeside.count('share.publish')).toBe(0);
  });

  test('says what the account lacks', async () => {
    await open(world => {
      const lacks = ['The account lacks the right "upload".'];
      world.lakeside.standings.set('data', { software: 'x', account: 'x', lacks, spaces: true, parents: true });
    });
    await screen.findByText('The account lacks the right "upload".');
  });

  test('says why the places could not be listed', async () => {
    const { lakeside } = await open(world => {
      world.lakeside.failures.push({ id: 'share.targets', error: new ProblemError('internal', 'Oh.') });
    });
    expect(screen.getByRole('alert').textContent).toContain('Oh.');
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Retry' })));
    await waitFor(() => expect(screen.getAllByRole('radio')).toHaveLength(3));
    expect(lakeside.count('share.targets')).toBe(2);
  });
});

describe('space and page', () => {
  test('are found by typing and taken by keyboard', async () => {
    const { lakeside } = await open();
    await choose(/Data wiki/);
    await type('Space', 'pro');
    expect(await found('Space')).toEqual(['Project']);
    await press('Space', 'Enter');
    expect(field('Space').value).toBe('Project');
    expect(field('Space').getAttribute('aria-expanded')).toBe('false');

    await press('Below', 'ArrowDown');
    expect(await found('Below')).toEqual(['Project:Plans']);
    await press('Below', 'Enter');
    await submit();
    await waitFor(() => expect(lakeside.count('share.publish')).toBe(1));
    expect(lakeside.lastBody('share.publish')).toMatchObject({ target: 'data', place: { space: '4', parent: '9' } });
  });

  test('the arrows move in the list, round its ends, and readers are told where', async () => {
    await open();
    await choose(/Data wiki/);
    await press('Below', 'ArrowDown');
    await found('Below');
    const active = () => document.getElementById(field('Below').getAttribute('aria-activedescendant') ?? '');
    expect(active()?.textContent).toBe('Analytics');
    await press('Below', 'ArrowDown');
    expect(active()?.textContent).toBe('Analytics/Flights');
    expect(active()?.getAttribute('aria-selected')).toBe('true');
    await press('Below', 'ArrowUp');
    await press('Below', 'ArrowUp');
    expect(active()?.textContent).toBe('Project:Plans');
  });

  test('Escape and leaving put back what was chosen; an emptied field takes it away', async () => {
    const { dialog } = await open();
    await choose(/Data wiki/);
    await press('Below', 'ArrowDown');
    await found('Below');
    await press('Below', 'Enter');
    expect(field('Below').value).toBe('Analytics');
    await type('Below', 'Xyz');
    await screen.findByText('Nothing is called "Xyz".');
    await press('Below', 'Escape');
    expect(field('Below').value).toBe('Analytics');
    await type('Below', 'Xyz');
    await act(async () => fireEvent.blur(field('Below')));
    expect(field('Below').value).toBe('Analytics');
    await type('Below', '');
    await act(async () => fireEvent.blur(field('Below')));
    expect(dialog.state.place?.state.parent).toBeUndefined();
  });

  test('a page of another space is let go with its space', async () => {
    const { dialog } = await open();
    await choose(/Data wiki/);
    act(() => dialog.state.place!.chooseParent(page('7', 'Analytics')));
    act(() => dialog.state.place!.chooseSpace({ id: '4', name: 'Project' }));
    expect(field('Below').value).toBe('');
  });

  test('a search that failed says why, and Enter tries again', async () => {
    await open(world => {
      world.lakeside.failures.push({
        id: 'share.parents',
        error: new ProblemError('target-busy', 'Data wiki asks to wait.')
      });
    });
    await choose(/Data wiki/);
    await press('Below', 'ArrowDown');
    await screen.findByText('Data wiki asks to wait.');
    await press('Below', 'Enter');
    expect(await found('Below')).toHaveLength(3);
  });

  test('are not asked for where the wiki has none', async () => {
    await open(world =>
      world.lakeside.standings.set('data', { software: 'x', account: 'x', lacks: [], spaces: false, parents: false })
    );
    await choose(/Data wiki/);
    expect(screen.queryByRole('combobox')).toBeNull();
  });

  test('are remembered for the folder, and not for others', async () => {
    const { folders } = await open();
    await choose(/Data wiki/);
    await press('Below', 'ArrowDown');
    await found('Below');
    await press('Below', 'Enter');
    await submit();
    await screen.findByText(/Shared to Data wiki/);
    expect(folders.get('team')).toMatchObject({ target: 'data', parent: { id: '7', title: 'Analytics' } });
    cleanup();

    const same = setUp({ path: 'team/b.ipynb' });
    await open(world => world.folders.set('team', folders.get('team')!), same);
    expect(place(/Data wiki/).checked).toBe(true);
    expect(field('Below').value).toBe('Analytics');
    cleanup();
    await open(world => world.folders.set('team', folders.get('team')!), setUp({ path: 'other/c.ipynb' }));
    expect(place(/Library/).checked).toBe(true);
  });

  test('a place that is gone from the configuration is not chosen any more', async () => {
    const { dialog } = await open(world => world.folders.set('team', { target: 'gone' }));
    await waitFor(() => expect(dialog.state.target).toBe('library'));
  });
});

describe('the policy of a place', () => {
  const ready = { software: 'x', account: 'x', lacks: [], spaces: true, parents: true };
  const limited = { ...data, policy: { spaces: ['7', 'DATA', 'team-*'], secrets: 'block' as const } };

  test('stands in one line below it, before anybody chose it, and is read with it', async () => {
    await open(world => {
      world.lakeside.targets = [library, limited, { ...old, policy: { secrets: 'warn' } }];
      world.lakeside.standings.set('data', { ...ready, allowed: ['Analytics', 'Data', 'team-*'] });
    });
    const words = await screen.findByText('Only Analytics, Data and team-* · Notebooks with secrets are refused');
    expect(words.title).toBe('7\nDATA\nteam-*');
    expect(place(/Data wiki/).getAttribute('aria-describedby')).toBe(words.id);
    expect(document.querySelectorAll('.jp-LakesideShare-policy')).toHaveLength(1);
  });

  test('names four spaces and counts the others', () => {
    const words = (spaces: string[]) =>
      policyWords({ ...data, phase: 'ready', policy: { spaces, secrets: 'warn' } }, nullTranslator.load('lakeside'));
    expect(words(['a'])).toBe('Only a');
    expect(words(['a', 'b'])).toBe('Only a and b');
    expect(words(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('Only a, b, c, d and 2 more');
  });

  test('wants a space where it forbids the usual one, and says so at the field', async () => {
    const { lakeside } = await open(world => {
      world.lakeside.targets = [library, { ...data, policy: { spaces: ['4'], secrets: 'warn' } }];
      world.lakeside.standings.set('data', { ...ready, allowed: ['Project'] });
    });
    await choose(/Data wiki/);
    expect(field('Space').placeholder).toBe('Choose one');
    await submit();
    expect(screen.getByRole('alert').textContent).toBe('Choose a space.');
    expect(field('Space').getAttribute('aria-invalid')).toBe('true');
    expect(lakeside.count('share.publish')).toBe(0);
    await type('Space', 'pro');
    await found('Space');
    await press('Space', 'Enter');
    expect(screen.queryByRole('alert')).toBeNull();
    await submit();
    await waitFor(() => expect(lakeside.lastBody('share.publish')).toMatchObject({ place: { space: '4' } }));
  });

  test('names the usual space where it allows that', async () => {
    await open(world => {
      world.lakeside.targets = [library, { ...data, policy: { spaces: ['0'], secrets: 'warn' } }];
      world.lakeside.standings.set('data', { ...ready, home: { id: '0', name: 'Main' }, allowed: ['Main'] });
    });
    await choose(/Data wiki/);
    expect(field('Space').placeholder).toBe('Main, the usual one');
    await submit();
    await screen.findByText(/Shared to Data wiki/);
  });

  test('a space that is allowed no more is said at the field', async () => {
    await open(world => {
      const message = 'Only these spaces of Data wiki: 4. Choose one of them.';
      world.folders.set('team', { target: 'data', space: { id: '0', name: 'Main' } });
      world.lakeside.jobs.failAt = {
        step: 'page',
        error: new ProblemError('target-forbidden', message, { errors: [{ field: 'place.space', message }] })
      };
    });
    await submit();
    expect((await screen.findByRole('alert')).textContent).toContain('Choose one of them.');
    expect(field('Space').getAttribute('aria-invalid')).toBe('true');
  });
});

describe('a notebook that has a page in the wiki', () => {
  test('updates it where it is, and says where', async () => {
    const { lakeside, dialog, model } = await open();
    await choose(/Data wiki/);
    await submit();
    await screen.findByText('Shared to Data wiki');
    expect(screen.getAllByRole<HTMLAnchorElement>('link')[0]?.href).toBe('https://wiki.example.org/Delays');
    expect(screen.getByRole<HTMLAnchorElement>('link', { name: 'version 1' }).href).toContain('/library/notebooks/');
    await waitFor(() => expect(model.state.known?.published?.target).toBe('data'));
    act(() => dialog.back());
    expect(screen.queryByRole('combobox')).toBeNull();
    expect(screen.getByRole<HTMLAnchorElement>('link', { name: 'Delays' }).href).toBe(
      'https://wiki.example.org/Delays'
    );
    await submit();
    await waitFor(() => expect(lakeside.count('share.publish')).toBe(2));
    expect(lakeside.lastBody('share.publish')?.['place']).toBeUndefined();
  });

  test('an address that is none of the web is no link', async () => {
    const { dialog, lakeside, model } = await open();
    await submit();
    await screen.findByText(/Shared · version 1/);
    const url = 'javascript:alert(1)';
    [...lakeside.published.values()][0]!.wikis.push({ target: 'data', title: 'Delays', url });
    await act(() => model.refresh());
    act(() => dialog.back());
    await choose(/Data wiki/);
    expect(screen.getByText(/Updates the page/).textContent).toContain('Delays');
    expect(screen.queryByRole('link', { name: 'Delays' })).toBeNull();
  });
});

describe('a title that another page has', () => {
  test('is said at the title', async () => {
    await open(world => {
      const message = 'Data wiki has a page "Delays" already. Choose another title.';
      world.lakeside.jobs.failAt = {
        step: 'page',
        error: new ProblemError('target-conflict', message, { errors: [{ field: 'title', message }] })
      };
    });
    await choose(/Data wiki/);
    await submit();
    expect((await screen.findByRole('alert')).textContent).toContain('Choose another title.');
    expect(screen.getByRole('textbox', { name: 'Title' }).getAttribute('aria-invalid')).toBe('true');
  });
});

describe('the memory', () => {
  beforeEach(() => localStorage.clear());

  test('is kept by this browser for each server and folder, newest last, at most 200', () => {
    const memory = createPlaceMemory('http://a/');
    memory.write('team', { target: 'data', parent: page('7', 'Analytics') });
    expect(createPlaceMemory('http://a/').read('team')).toMatchObject({ target: 'data', parent: { id: '7' } });
    expect(createPlaceMemory('http://b/').read('team')).toBeUndefined();
    for (let n = 0; n < 200; n++) memory.write(`f${n}`, { target: 'library' });
    expect(memory.read('team')).toBeUndefined();
    expect(memory.read('f199')).toEqual({ target: 'library' });
  });

  test('takes nothing on trust that lies there', () => {
    const memory = createPlaceMemory('http://a/');
    for (const value of [
      '{',
      '{}',
      '[1]',
      '[["team"]]',
      '[["team",{"target":1}]]',
      '[["team",{"target":"x","space":{}}]]'
    ]) {
      localStorage.setItem('jupyterlab-lakeside:http://a/:places', value);
      expect(memory.read('team')).toBeUndefined();
    }
  });

  test('knows the folder of a path', () => {
    expect([folderOf('a.ipynb'), folderOf('x/y/a.ipynb')]).toEqual(['', 'x/y']);
  });
});
