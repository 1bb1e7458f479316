import { nullTranslator } from '@jupyterlab/translation';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { DialogBody } from '../../../src/share/dialog/body.js';
import { DialogModel } from '../../../src/share/dialogModel.js';
import { fakeId } from '../../support/fakeLakeside.js';
import { setUp } from '../../support/fakeShare.js';

afterEach(cleanup);

type World = ReturnType<typeof setUp>;

/** Opens the dialog as pressing Share does. */
async function open(prepare: (world: World) => void = () => undefined, settings = {}) {
  const world = setUp();
  prepare(world);
  await world.model.refresh();
  const copied: string[] = [];
  const clipboard = { allowed: true };
  const dialog = new DialogModel({
    api: world.api,
    share: world.model,
    publisher: world.publisher,
    settings: { defaultTags: [], hideCode: false, preview: true, ...settings },
    copyText: async text => {
      if (clipboard.allowed) copied.push(text);
      return clipboard.allowed;
    },
    places: world.places,
    sentences: {
      title: 'Give the page a title.',
      duplicate: 'Choose one.',
      reason: 'Say why.',
      conflict: 'Choose.',
      place: 'Choose a space.'
    }
  });
  const onOpen = vi.fn();
  const onClose = vi.fn();
  const trans = nullTranslator.load('lakeside');
  render(<DialogBody model={dialog} trans={trans} onOpen={onOpen} onClose={onClose} />);
  await act(() => dialog.load());
  return { ...world, dialog, copied, clipboard, onOpen, onClose };
}

const title = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Title' });
const tagInput = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Tags' });
const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name });
const press = async (name: string | RegExp) => {
  await act(async () => fireEvent.click(button(name)));
};
const type = (input: HTMLInputElement, value: string) => fireEvent.change(input, { target: { value } });

describe('the form', () => {
  test('offers the first heading as the title, ready to be typed over', async () => {
    await open();
    expect(title().value).toBe('Delays');
    expect(document.activeElement).toBe(title());
    expect(title().selectionEnd).toBe('Delays'.length);
  });

  test('shares what was chosen', async () => {
    const { lakeside } = await open(world => {
      world.lakeside.tags = ['flights', 'weather'];
    });
    type(title(), ' Late again ');
    type(tagInput(), 'delays');
    fireEvent.keyDown(tagInput(), { key: 'Enter' });
    await press('Add tag weather');
    fireEvent.click(screen.getByRole('checkbox', { name: 'Hide code' }));
    await press('Share');
    await waitFor(() => expect(lakeside.lastBody('share.publish')).toBeDefined());
    expect(lakeside.lastBody('share.publish')).toMatchObject({
      title: 'Late again',
      tags: ['delays', 'weather'],
      hideCode: true,
      target: 'library'
    });
  });

  test('begins with the defaults of the settings', async () => {
    await open(undefined, { defaultTags: ['team'], hideCode: true });
    expect(button('Remove tag team')).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Hide code' }).checked).toBe(true);
  });

  test('asks for a title, and says so at its field', async () => {
    const { lakeside } = await open();
    type(title(), '   ');
    await press('Share');
    expect(screen.getByRole('alert').textContent).toBe('Give the page a title.');
    expect(title().getAttribute('aria-invalid')).toBe('true');
    expect(title().getAttribute('aria-describedby')).toBe(screen.getByRole('alert').id);
    expect(lakeside.count('share.publish')).toBe(0);
    type(title(), 'x');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('refuses what the contract refuses', async () => {
    await open();
    type(title(), 'x'.repeat(201));
    await press('Share');
    expect(screen.getByRole('alert').textContent).toMatch(/200 characters/);
    type(tagInput(), 'x'.repeat(65));
    fireEvent.keyDown(tagInput(), { key: 'Enter' });
    expect(screen.getAllByRole('alert').at(-1)?.textContent).toMatch(/64 characters/);
  });

  test('leaves the title of a file that is not open to the server', async () => {
    const { lakeside } = await open(world => {
      world.source.suggestedTitle = undefined;
    });
    expect(title().placeholder).toMatch(/first heading/i);
    await press('Share');
    await waitFor(() => expect(lakeside.count('share.publish')).toBe(1));
    expect(lakeside.lastBody('share.publish')?.['title']).toBeUndefined();
  });

  test('takes tags by comma and half-typed ones when the field is left, and gives the last back', async () => {
    const { dialog } = await open();
    type(tagInput(), 'a');
    fireEvent.keyDown(tagInput(), { key: ',' });
    type(tagInput(), 'b');
    fireEvent.blur(tagInput());
    expect(dialog.state.tags).toEqual(['a', 'b']);
    fireEvent.keyDown(tagInput(), { key: 'Backspace' });
    expect(dialog.state.tags).toEqual(['a']);
    await press('Remove tag a');
    expect(dialog.state.tags).toEqual([]);
    expect(document.activeElement).toBe(tagInput());
  });

  test('an input method’s Enter is not a tag', async () => {
    const { dialog } = await open();
    type(tagInput(), 'に');
    fireEvent.keyDown(tagInput(), { key: 'Enter', isComposing: true });
    expect(dialog.state.tags).toEqual([]);
  });

  test('names the one place, and lets choose among several', async () => {
    await open();
    expect(screen.getByText('Library')).toBeTruthy();
    expect(screen.queryByRole('radio')).toBeNull();
    cleanup();
    const { dialog } = await open(world => {
      world.lakeside.targets.push({ id: 'wiki', kind: 'mediawiki', label: 'Data wiki', description: 'Analytics' });
    });
    const where = screen.getByRole('group', { name: 'Where' });
    fireEvent.click(within(where).getByRole('radio', { name: /Data wiki/ }));
    expect(dialog.state.target).toBe('wiki');
  });

  test('works without suggestions', async () => {
    await open(world => {
      world.lakeside.failures.push({ id: 'library.facets', error: new ProblemError('internal', 'Oh.') });
    });
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByText('Library')).toBeTruthy();
  });

  test('closes without a word', async () => {
    const { onClose, lakeside } = await open();
    await press('Cancel');
    expect(onClose).toHaveBeenCalled();
    expect(lakeside.count('share.publish')).toBe(0);
  });
});

describe('unsaved changes', () => {
  test('are named, and the button says that it saves', async () => {
    const { source, lakeside } = await open(world => world.source.edit('two'));
    expect(screen.getByText('This notebook has unsaved changes.')).toBeTruthy();
    await press('Save and share');
    await waitFor(() => expect(lakeside.published.size).toBe(1));
    expect([...lakeside.published.values()][0]?.versions[0]?.content).toBe('two');
    expect(source.dirty).toBe(false);
  });

  test('can be left out', async () => {
    const { source, lakeside } = await open(world => world.source.edit('two'));
    await press('Share the saved version');
    await waitFor(() => expect(lakeside.published.size).toBe(1));
    expect([...lakeside.published.values()][0]?.versions[0]?.content).toBe('one');
    expect(source.saves).toBe(0);
  });

  test('of a read-only file are left out, and it is said', async () => {
    await open(world => {
      world.source.writable = false;
      world.source.edit('two');
    });
    expect(screen.getByText(/read-only/)).toBeTruthy();
    expect(screen.getAllByRole('button', { name: 'Share the saved version' })).toHaveLength(1);
  });
});

describe('the same id', () => {
  const copied = (world: World) => {
    world.lakeside.files.set('original.ipynb', { content: 'one', metadataId: fakeId(77) });
    world.lakeside.bindings.set('original.ipynb', fakeId(77));
    world.source.setId(fakeId(77));
  };

  test('asks, and takes no answer for granted', async () => {
    const { lakeside } = await open(copied);
    expect(screen.getByText(/same id as "original.ipynb" of ada/)).toBeTruthy();
    await press('Share');
    expect(screen.getByRole('alert').textContent).toBe('Choose one.');
    expect(lakeside.count('share.publish')).toBe(0);
  });

  test.each([
    ['Publish as new', 'new'],
    ['Update that page', 'update']
  ])('%s', async (answer, sent) => {
    const { lakeside } = await open(copied);
    fireEvent.click(screen.getByRole('radio', { name: new RegExp(answer) }));
    await press(sent === 'new' ? 'Share' : 'Update page');
    await waitFor(() => expect(lakeside.count('share.publish')).toBe(1));
    expect(lakeside.lastBody('share.publish')).toMatchObject({ duplicate: sent });
  });
});

describe('the progress', () => {
  test('stands in the same place: step, bar, cancel', async () => {
    const { lakeside } = await open(world => {
      world.lakeside.jobs.holdAt = 'upload';
    });
    await press('Share');
    await screen.findByRole('progressbar', { name: 'Sharing' });
    await waitFor(() =>
      expect(
        Number(screen.getByRole('progressbar', { name: 'Sharing' }).getAttribute('aria-valuenow'))
      ).toBeGreaterThanOrEqual(40)
    );
    const steps = screen.getAllByRole('listitem').map(item => item.textContent);
    expect(steps[1]).toContain('Scan');
    expect(steps[2]).toContain('Rendered');
    expect(steps[2]).toContain('done');
    expect(document.activeElement).toBe(button('Cancel'));
    await act(async () => lakeside.jobs.release());
    await screen.findByText(/Shared · version 1/);
  });

  test('cancelled, it is back at the form with everything as it was chosen', async () => {
    await open(world => {
      world.lakeside.jobs.holdAt = 'upload';
    });
    type(title(), 'Mine');
    await press('Share');
    await screen.findByRole('progressbar');
    await screen.findByText('Rendered 2 cells');
    await press('Cancel');
    await waitFor(() => expect(title().value).toBe('Mine'));
  });

  test('goes on when the dialog is closed', async () => {
    const { onClose, dialog, lakeside, model } = await open(world => {
      world.lakeside.jobs.holdAt = 'upload';
    });
    await press('Share');
    await screen.findByRole('progressbar');
    await press('Go on in the background');
    expect(onClose).toHaveBeenCalled();
    dialog.dispose();
    await act(async () => lakeside.jobs.release());
    await waitFor(() => expect(model.state.mark).toBe('current'));
  });

  test('a lost connection is named and can be taken up again', async () => {
    const { lakeside, model } = await open(world => {
      world.lakeside.jobs.holdAt = 'upload';
      world.lakeside.jobs.dropAfter = 2;
    });
    await press('Share');
    expect((await screen.findByRole('alert')).textContent).toContain('The connection broke.');
    lakeside.jobs.dropAfter = Infinity;
    lakeside.jobs.release();
    await press('Connect again');
    await screen.findByText(/Shared · version 1/);
    await waitFor(() => expect(model.state.mark).toBe('current'));
  });
});

describe('the end', () => {
  test('is a link, copied and ready to open', async () => {
    const { copied, onOpen, model } = await open();
    await press('Share');
    await screen.findByText(/Shared · version 1/);
    const link = `http://localhost/lakeside/library/notebooks/${model.state.known!.notebookId}`;
    expect(screen.getByRole<HTMLAnchorElement>('link').href).toBe(link);
    await screen.findByRole('button', { name: 'Copy link (copied)' });
    expect(copied).toEqual([link]);
    await waitFor(() => expect(document.activeElement).toBe(button('Open page')));
    await press('Open page');
    expect(onOpen).toHaveBeenCalledWith(link);
  });

  test('does not claim to have copied what the browser forbade', async () => {
    const { clipboard, copied } = await open();
    clipboard.allowed = false;
    await press('Share');
    await screen.findByRole('button', { name: 'Copy link' });
    clipboard.allowed = true;
    await press('Copy link');
    expect(copied).toHaveLength(1);
    expect(button('Copy link (copied)')).toBeTruthy();
  });

  test('of an unchanged notebook says so', async () => {
    const { dialog } = await open();
    await press('Share');
    await screen.findByText(/Shared · version 1/);
    act(() => dialog.back());
    await press('Update page');
    await screen.findByText(/Already up to date · version 1/);
  });

  test('of a failure is the sentence, Retry, Back and Copy details', async () => {
    const error = new ProblemError('storage-full', 'The disk is full. Free some space and try again.');
    const { lakeside } = await open(world => {
      world.lakeside.jobs.failAt = { step: 'upload', error };
    });
    await press('Share');
    expect((await screen.findByRole('alert')).textContent).toContain('The disk is full.');
    expect(document.activeElement).toBe(button('Retry'));
    expect(button('Copy details')).toBeTruthy();
    const first = lakeside.lastBody('share.publish')?.['opId'];
    await press('Retry');
    await screen.findByText(/Shared · version 1/);
    expect(lakeside.lastBody('share.publish')?.['opId']).not.toBe(first);
  });

  test('of a refusal goes back to the form', async () => {
    await open(world => {
      world.lakeside.failures.push({ id: 'share.publish', error: new ProblemError('path-refused', 'Outside.') });
    });
    await press('Share');
    await screen.findByText('Outside.');
    await press('Back');
    expect(title()).toBeTruthy();
  });
});

describe('the preview', () => {
  const frame = () => screen.getByTitle<HTMLIFrameElement>('Preview of the page');

  test('is a frame without any rights', async () => {
    await open();
    await screen.findByTitle('Preview of the page');
    expect(frame().getAttribute('sandbox')).toBe('');
    expect(frame().getAttribute('srcdoc')).toContain('<h1>Delays</h1>');
  });

  test('follows the title after a pause, in one request', async () => {
    const { lakeside } = await open();
    await screen.findByTitle('Preview of the page');
    const before = lakeside.count('share.preview');
    for (const value of ['L', 'La', 'Lat', 'Late']) type(title(), value);
    await waitFor(() => expect(frame().getAttribute('srcdoc')).toContain('<h1>Late</h1>'));
    expect(lakeside.count('share.preview')).toBe(before + 1);
  });

  test('shows what is on the screen, brought once', async () => {
    const { lakeside } = await open(world => world.source.edit('not saved'));
    await screen.findByTitle('Preview of the page');
    expect(frame().getAttribute('srcdoc')).toContain('not saved');
    type(title(), 'Other');
    await waitFor(() => expect(frame().getAttribute('srcdoc')).toContain('Other'));
    expect(lakeside.count('share.upload')).toBe(1);
  });

  test('says why there is none, with Retry', async () => {
    await open(world => {
      world.lakeside.failures.push({ id: 'share.preview', error: new ProblemError('not-a-notebook', 'Not JSON.') });
    });
    await screen.findByText('Not JSON.');
    await press('Retry');
    await screen.findByTitle('Preview of the page');
  });

  test('can be switched off', async () => {
    const { lakeside } = await open(undefined, { preview: false });
    expect(screen.queryByRole('region', { name: 'Preview' })).toBeNull();
    expect(lakeside.count('share.preview')).toBe(0);
  });
});
