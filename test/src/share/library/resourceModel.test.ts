import { describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { ResourceModel } from '../../../../src/share/library/resourceModel.js';
import { documentResource } from '../../../../src/share/library/resources.js';
import { FakeLibrary, fakeNotebook } from '../../../support/fakeLibrary.js';

describe('one answer of the server', () => {
  test('is fetched once, however often it is needed', async () => {
    const load = vi.fn(() => Promise.resolve(1));
    const model = new ResourceModel(load);
    model.ensure();
    model.ensure();
    await vi.waitFor(() => expect(model.state).toMatchObject({ phase: 'ready', value: 1 }));
    model.ensure();
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('stays when it cannot be fetched again', async () => {
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValueOnce(new Error('x'));
    const model = new ResourceModel(load);
    await model.refresh();
    await model.refresh();
    expect(model.state).toMatchObject({ phase: 'ready', value: 1, error: { code: 'internal' } });
  });

  test('an older answer never takes the place of a newer one', async () => {
    const answers: ((value: string) => void)[] = [];
    const model = new ResourceModel(() => new Promise<string>(resolve => answers.push(resolve)));
    const first = model.refresh();
    const second = model.refresh();
    answers[1]?.('new');
    await second;
    answers[0]?.('old');
    await first;
    expect(model.state.value).toBe('new');
  });

  test('says why there is none', async () => {
    const model = new ResourceModel(() => Promise.reject(new ProblemError('not-found', 'It is gone.')));
    await model.refresh();
    expect(model.state).toMatchObject({ phase: 'failed', error: { message: 'It is gone.' } });
  });

  test('of a document only says that it can be shown, and ends the transfer', async () => {
    const library = new FakeLibrary([fakeNotebook(1)]);
    const [notebook] = library.notebooks;
    const model = documentResource(library.client, notebook!.notebookId, notebook!.versionId, true);
    await model.refresh();
    expect(model.state).toMatchObject({ phase: 'ready', value: notebook!.versionId });
    expect(library.urls('library.document')[0]).toMatch(/hideCode=true$/);
  });
});
