import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import type { ShareState } from '../../../contract/share/index.js';
import { markOf, nextStep } from '../../../src/share/shareMark.js';
import { fakeId } from '../../support/fakeLakeside.js';

const published = {
  versionId: fakeId(2),
  versionNumber: 1,
  title: 'T',
  tags: [],
  groups: [],
  hideCode: false,
  sharedAt: '2026-11-21T10:00:00.000Z',
  owner: 'ada',
  page: 'library/notebooks/x',
  target: 'library',
  wikis: []
};

function known(change: Partial<ShareState> = {}): ShareState {
  return { path: 'a.ipynb', notebookId: fakeId(1), standing: 'known', state: 'up-to-date', published, ...change };
}

const quiet = { dirty: false, busy: false };
const problem = new ProblemError('unavailable', 'Down.');

describe('the mark of a notebook', () => {
  test.each([
    ['nobody asked yet', {}, 'unknown'],
    ['the server is down', { problem }, 'problem'],
    ['never shared', { known: known({ state: 'not-shared', published: undefined }) }, 'none'],
    [
      'never shared, with changes',
      { known: known({ state: 'not-shared', published: undefined }), dirty: true },
      'none'
    ],
    ['shared and the same', { known: known() }, 'current'],
    ['shared, changes on the screen', { known: known(), dirty: true }, 'changed'],
    ['shared, the file says something else', { known: known({ state: 'changed' }) }, 'changed'],
    ['unshared', { known: known({ state: 'deleted' }) }, 'none'],
    ['another notebook has the id', { known: known({ standing: 'duplicate' }) }, 'duplicate'],
    ['under way', { known: known(), busy: true }, 'busy'],
    ['the server went down later', { known: known(), problem }, 'current']
  ])('%s', (_, facts, mark) => {
    expect(markOf({ ...quiet, ...facts })).toBe(mark);
  });
});

describe('pressing Share', () => {
  const later = { askEveryTime: false };
  test.each([
    ['the first time asks', { known: known({ state: 'not-shared', published: undefined }) }, 'dialog'],
    ['later publishes at once', { known: known({ state: 'changed' }) }, 'publish'],
    ['when up to date publishes too: the server says that nothing changed', { known: known() }, 'publish'],
    ['with unsaved changes asks about them', { known: known(), dirty: true }, 'unsaved'],
    ['after unsharing asks', { known: known({ state: 'deleted' }) }, 'dialog'],
    ['with a foreign id asks', { known: known({ standing: 'duplicate' }) }, 'dialog'],
    ['while a share is under way shows it', { known: known(), busy: true }, 'follow']
  ])('%s', (_, facts, step) => {
    expect(nextStep({ ...quiet, ...facts }, later)).toBe(step);
  });

  test('asks every time where the person wants that', () => {
    expect(nextStep({ ...quiet, known: known() }, { askEveryTime: true })).toBe('dialog');
  });
});
