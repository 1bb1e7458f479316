import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { LibraryActions } from '../../../../src/share/library/actions.js';
import type { INotice } from '../../../../src/share/library/actions.js';
import { plainText } from '../../../../src/share/library/text.js';
import { FakeLibrary, fakeNotebook } from '../../../support/fakeLibrary.js';

function setUp() {
  const library = new FakeLibrary([fakeNotebook(1, { title: 'Delays' })]);
  const forks: string[] = [];
  const opened: string[] = [];
  const copied: string[] = [];
  const actions = new LibraryActions({
    client: library.client,
    trans: plainText,
    fork: source => {
      forks.push(source.title);
      return Promise.resolve({ path: 'Delays.ipynb', open: () => opened.push('Delays.ipynb') });
    },
    copyText: text => {
      copied.push(text);
      return Promise.resolve();
    }
  });
  const notices: INotice[] = [];
  const altered: string[] = [];
  actions.noticed.connect((_, notice) => void notices.push(notice));
  actions.altered.connect((_, { kind, notebook }) => void altered.push(`${kind} ${notebook.title}`));
  return { library, actions, notices, altered, forks, opened, copied, item: library.notebooks[0]! };
}

describe('what people do with a notebook', () => {
  test('deleting says what is lost, and can be undone', async () => {
    const { actions, item, notices, altered } = setUp();
    expect(await actions.delete(item)).toBe(true);
    expect(item.deletedAt).toBeDefined();
    expect(notices[0]).toMatchObject({
      kind: 'success',
      message: '"Delays" is out of the Library. It can be restored for 30 days.',
      action: { label: 'Undo' }
    });
    notices[0]?.action?.run();
    await expect.poll(() => item.deletedAt).toBeUndefined();
    await expect.poll(() => altered).toEqual(['deleted Delays', 'restored Delays']);
  });

  test('a failure is told with the sentence of the server, and Retry does the same again', async () => {
    const { library, actions, item, notices } = setUp();
    library.failNext('library.delete', new ProblemError('storage-full', 'The disk is full. Free some space.'));
    expect(await actions.delete(item)).toBe(false);
    expect(notices[0]).toMatchObject({
      kind: 'error',
      message: 'The disk is full. Free some space.',
      error: { code: 'storage-full' },
      action: { label: 'Retry' }
    });
    notices[0]?.action?.run();
    await expect.poll(() => item.deletedAt).toBeDefined();
  });

  test('a notebook is busy while something is being done with it', async () => {
    const { library, actions, item } = setUp();
    let release = (): void => undefined;
    library.gate = new Promise<void>(resolve => (release = resolve));
    const done = actions.restore(item);
    expect([...actions.state.busy]).toEqual([item.notebookId]);
    release();
    await done;
    expect(actions.state.busy.size).toBe(0);
  });

  test('forking says where the copy is, and opens it', async () => {
    const { actions, item, notices, opened } = setUp();
    await actions.fork({ notebookId: item.notebookId, title: item.title });
    expect(notices[0]).toMatchObject({ message: 'Copied to Delays.ipynb.', action: { label: 'Open' } });
    notices[0]?.action?.run();
    expect(opened).toEqual(['Delays.ipynb']);
  });

  test('changing details leaves the refusal to the form', async () => {
    const { library, actions, item, altered } = setUp();
    await actions.change(item.notebookId, { title: 'Late flights' });
    expect(altered).toEqual(['described Late flights']);
    library.failNext(
      'library.change',
      new ProblemError('invalid', 'No.', { errors: [{ field: 'tags.0', message: 'x' }] })
    );
    await expect(actions.change(item.notebookId, { tags: ['a'] })).rejects.toMatchObject({ code: 'invalid' });
  });

  test('a link that cannot be copied is shown', async () => {
    const { library, item } = setUp();
    const actions = new LibraryActions({
      client: library.client,
      trans: plainText,
      fork: () => Promise.reject(new Error('no')),
      copyText: () => Promise.reject(new Error('denied'))
    });
    const notices: INotice[] = [];
    actions.noticed.connect((_, notice) => void notices.push(notice));
    await actions.copyLink(`http://host/${item.page}`);
    expect(notices[0]).toMatchObject({ kind: 'error' });
    expect(notices[0]?.message).toContain(`http://host/${item.page}`);
  });
});
