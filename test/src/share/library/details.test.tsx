import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { DetailsDialog } from '../../../../src/share/library/views/detailsForm.js';
import { VersionsList } from '../../../../src/share/library/views/versionsList.js';
import { FakeLibrary, fakeNotebook } from '../../../support/fakeLibrary.js';
import { createWorld, settle, show } from '../../../support/libraryViews.js';

afterEach(cleanup);

async function showDialog() {
  const item = fakeNotebook(1, { title: 'Delays', tags: ['flights', 'old'], groups: ['Analytics'] });
  const library = new FakeLibrary([item, fakeNotebook(2, { tags: ['weather'] })]);
  const world = createWorld(library);
  const closed: string[] = [];
  await show(world, <DetailsDialog item={{ ...item }} onClose={() => void closed.push('closed')} />);
  return { ...world, closed, body: () => library.calls.find(call => call.id === 'library.change')?.body };
}

const save = async () => {
  fireEvent.click(screen.getByRole('button', { name: 'Save changes' }));
  await settle();
};

describe('the details of a notebook', () => {
  test('are changed, and only what was changed is sent', async () => {
    const { closed, body } = await showDialog();
    fireEvent.change(screen.getByRole('textbox', { name: 'Title' }), { target: { value: ' Late flights ' } });
    await save();
    expect(body()).toEqual({ title: 'Late flights' });
    expect(closed).toEqual(['closed']);
  });

  test('tags come and go by keyboard', async () => {
    const { body } = await showDialog();
    const tags = screen.getByRole('combobox', { name: 'Tags' });
    fireEvent.keyDown(tags, { key: 'Backspace' });
    fireEvent.change(tags, { target: { value: 'weather' } });
    fireEvent.keyDown(tags, { key: 'Enter' });
    fireEvent.change(tags, { target: { value: 'a, flights,' } });
    fireEvent.click(screen.getByRole('button', { name: 'Take "Analytics" away' }));
    await save();
    expect(body()).toEqual({ tags: ['flights', 'weather', 'a'], groups: [] });
  });

  test('what is typed but not entered counts', async () => {
    const { body } = await showDialog();
    const groups = screen.getByRole('combobox', { name: /^Groups/ });
    fireEvent.change(groups, { target: { value: 'Board' } });
    fireEvent.blur(groups);
    await save();
    expect(body()).toEqual({ groups: ['Analytics', 'Board'] });
  });

  test('who may read it is chosen', async () => {
    const { body } = await showDialog();
    fireEvent.change(screen.getByRole('combobox', { name: 'Readers' }), { target: { value: 'owner' } });
    await save();
    expect(body()).toEqual({ audience: { kind: 'owner' } });
  });

  test('without a change nothing is sent', async () => {
    const { body, closed } = await showDialog();
    await save();
    expect(body()).toBeUndefined();
    expect(closed).toEqual(['closed']);
  });

  test('a refusal stays in the form, at its field', async () => {
    const { library, closed } = await showDialog();
    const errors = [{ field: 'title', message: 'must not hold control characters' }];
    library.failNext('library.change', new ProblemError('invalid', 'The title cannot be taken.', { errors }));
    const title = screen.getByRole('textbox', { name: 'Title' });
    fireEvent.change(title, { target: { value: 'x' } });
    await save();
    expect(closed).toEqual([]);
    expect(screen.getByRole('alert').textContent).toBe('The title cannot be taken.');
    expect(title.getAttribute('aria-invalid')).toBe('true');
    const described = document.getElementById(title.getAttribute('aria-describedby') ?? '');
    expect(described?.textContent).toBe('must not hold control characters');
  });
});

describe('the versions of a notebook', () => {
  async function showVersions(versions = 4) {
    const notebook = fakeNotebook(1, { title: 'Delays', versions });
    const world = createWorld(new FakeLibrary([notebook]));
    await show(world, <VersionsList notebook={notebook} />);
    return {
      ...world,
      notebook,
      id: (number: number) => notebook.versionList.find(each => each.number === number)!.versionId
    };
  }
  const pick = (number: number) =>
    screen.getByRole<HTMLInputElement>('checkbox', { name: `Compare version ${number}` });

  test('stand newest first, with who, when, how large and on what', async () => {
    await showVersions();
    const entries = screen.getAllByRole('article');
    expect(entries.map(entry => within(entry).getByRole('link').textContent)).toEqual([
      'Version 4',
      'Version 3',
      'Version 2',
      'Version 1'
    ]);
    expect(entries[0]!.textContent).toMatch(/newest.*you · .* · 16 cells · 45 KB · Python 3\.11\.9/);
    expect(within(entries[0]!).getByText(/^2 packages/)).toBeTruthy();
    expect(within(entries[0]!).getByText('numpy')).toBeTruthy();
  });

  test('are compared with the one before, or any two', async () => {
    const { opened, id } = await showVersions();
    fireEvent.click(screen.getByRole('button', { name: 'Changes since version 2' }));
    expect(opened[0]).toContain(`/diff?from=${id(2)}&to=${id(3)}`);
    expect(pick(4).checked && pick(3).checked).toBe(true);
    fireEvent.click(pick(1));
    expect([4, 3, 1].map(number => pick(number).checked)).toEqual([false, true, true]);
    expect(screen.getByText('Compare version 1 with version 3')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Compare' }));
    expect(opened[1]).toContain(`/diff?from=${id(1)}&to=${id(3)}`);
    fireEvent.click(pick(1));
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Compare' }).disabled).toBe(true);
  });

  test('that were made at the same time say so', async () => {
    const notebook = fakeNotebook(1, { versions: 2 });
    notebook.versionList[0]!.fork = true;
    await show(createWorld(new FakeLibrary([notebook])), <VersionsList notebook={notebook} />);
    expect(screen.getByText('made at the same time as another').title).toContain('Both are kept.');
  });

  test('are forked and downloaded one by one', async () => {
    const { forked, downloaded, id } = await showVersions(2);
    const choose = async (name: string) => {
      fireEvent.click(screen.getByRole('button', { name: 'More for version 1' }));
      fireEvent.click(screen.getByRole('menuitem', { name }));
      await settle();
    };
    await choose('Fork this version');
    await choose('Download this version');
    expect(forked).toEqual([`Delays ${id(1)}`]);
    expect(downloaded[0]).toContain(id(1));
  });

  test('cannot be compared while there is one', async () => {
    await showVersions(1);
    expect(screen.queryByRole('checkbox')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Compare' })).toBeNull();
  });
});
