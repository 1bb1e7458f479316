import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, test } from 'vitest';
import type { JobStep } from '../../../contract/jobs.js';
import { doing, stepDetail, stepWord } from '../../../src/share/words.js';

const trans = nullTranslator.load('lakeside');
const step = (name: string, more: Partial<JobStep> = {}): JobStep => ({
  name,
  state: 'running',
  done: 0,
  total: 0,
  ...more
});
const line = (name: string, more: Partial<JobStep> = {}) =>
  [stepWord(step(name, more), trans), stepDetail(step(name, more), trans)].filter(Boolean).join(' · ');

describe('a step in words', () => {
  test('under way says how far it is', () => {
    expect(line('render', { done: 12, total: 38 })).toBe('Rendering the page · cell 12 of 38');
    expect(line('wiki-figures', { done: 11, total: 23, detail: '41 KB' })).toBe('Uploading figure 12 of 23 · 41 KB');
    expect(line('wiki-figures', { done: 23, total: 23 })).toBe('Uploading figure 23 of 23');
    expect(line('wiki-page', { detail: 'making it' })).toBe('Finding its page in the wiki · making it');
    expect(line('upload', { done: 1, total: 3, detail: '2.1 MB' })).toBe('Storing outputs · 2.1 MB');
  });

  test('done says what was done, and nothing of what was under way', () => {
    const done = { state: 'done', done: 38, total: 38, detail: '41 KB' } as const;
    expect(line('render', done)).toBe('Rendered 38 cells');
    expect(line('scan', done)).toBe('Scanned for secrets');
    expect(line('wiki-figures', { ...done, total: 1 })).toBe('Uploaded 1 figure');
    expect(line('wiki-figures', { ...done, done: 0, total: 0 })).toBe('The wiki has all its figures');
    expect(line('wiki-text', done)).toBe('The page in the wiki is up to date');
  });

  test('waiting, skipped or failed is named by what it does', () => {
    expect(line('wiki-figures', { state: 'waiting' })).toBe('Uploading figures');
    expect(line('wiki-figures', { state: 'skipped' })).toBe('Uploading figures');
    expect(line('render', { state: 'failed', done: 3, total: 9 })).toBe('Rendering the page');
  });

  test('that is not known here has the name the server gave it', () => {
    expect(line('polish', { detail: 'twice' })).toBe('Polish · twice');
  });

  test('the whole job is the step under way', () => {
    const steps = [step('render', { state: 'done' }), step('wiki-figures', { done: 2, total: 4, detail: '9 KB' })];
    const job = { id: '', kind: '', state: 'running', owner: '', createdAt: '', updatedAt: '', steps } as const;
    expect(doing({ job: { ...job, steps }, startedAt: 0, cancelling: false }, trans)).toBe(
      'Uploading figure 3 of 4 · 9 KB'
    );
  });
});
