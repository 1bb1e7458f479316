import { nullTranslator } from '@jupyterlab/translation';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import type { Finding } from '../../../contract/share/findings.js';
import { DialogBody } from '../../../src/share/dialog/body.js';
import { DialogModel } from '../../../src/share/dialogModel.js';
import { setUp } from '../../support/fakeShare.js';

afterEach(cleanup);

const print = (letter: string) => letter.repeat(24);
const finding = (letter: string, more: Partial<Finding> = {}): Finding => ({
  fingerprint: print(letter),
  rule: 'password',
  label: 'Password',
  severity: 'likely',
  part: 'source',
  cell: { index: 13, id: 'c' },
  place: 'source',
  line: 2,
  encoding: 'plain',
  preview: `password_${letter} = "…`,
  ...more
});

type World = ReturnType<typeof setUp>;

async function open(prepare: (world: World) => void = () => undefined) {
  const world = setUp();
  prepare(world);
  await world.model.refresh();
  const dialog = new DialogModel({
    api: world.api,
    share: world.model,
    publisher: world.publisher,
    settings: { defaultTags: [], hideCode: false, preview: true },
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
  const onClose = vi.fn();
  render(<DialogBody model={dialog} trans={nullTranslator.load('lakeside')} onOpen={vi.fn()} onClose={onClose} />);
  await act(() => dialog.load());
  await waitFor(() => expect(dialog.findings.state.loading).toBe(false));
  return { ...world, dialog, onClose };
}

const items = () => screen.getAllByRole('listitem');
const action = (item: HTMLElement) => within(item).getByRole<HTMLSelectElement>('combobox');
const choose = (item: HTMLElement, value: string) => fireEvent.change(action(item), { target: { value } });
const reason = (item: HTMLElement, value: string) =>
  fireEvent.change(within(item).getByRole('textbox', { name: 'Reason' }), { target: { value } });
const share = () => act(async () => fireEvent.click(screen.getByRole('button', { name: 'Share' })));

test('a clean notebook shows nothing', async () => {
  await open();
  expect(screen.queryByText(/secret/i)).toBeNull();
});

test('each secret once, with its places; redacted unless one chooses otherwise', async () => {
  const { lakeside } = await open(world => {
    world.lakeside.findings = [
      finding('a', { cell: undefined, part: 'metadata' }),
      finding('b'),
      finding('a', { part: 'output' })
    ];
  });
  expect(screen.getByText(/2 possible secrets, redacted in the page/)).toBeTruthy();
  expect(items()).toHaveLength(2);
  expect(items()[0]?.textContent).toContain('and 1 more place');
  expect(items()[1]?.textContent).toContain('cell 14, line 2');
  expect(items().map(item => action(item).value)).toEqual(['redact', 'redact']);
  await share();
  expect(lakeside.lastBody('share.publish')?.['findings']).toBeUndefined();
});

test('what may stand needs a reason, and both travel', async () => {
  const { lakeside } = await open(world => {
    world.lakeside.findings = [finding('a'), finding('b'), finding('c')];
  });
  choose(items()[0]!, 'not-a-secret');
  choose(items()[1]!, 'publish');
  reason(items()[1]!, 'x'.repeat(201));
  await share();
  expect(screen.getAllByRole('alert').map(alert => alert.textContent)).toEqual([
    'Say why.',
    'Must have at most 200 characters.'
  ]);
  expect(lakeside.count('share.publish')).toBe(0);
  reason(items()[0]!, ' an example ');
  reason(items()[1]!, 'changed already');
  expect(screen.queryByRole('alert')).toBeNull();
  await share();
  await waitFor(() => expect(lakeside.count('share.publish')).toBe(1));
  expect(lakeside.lastBody('share.publish')?.['findings']).toEqual([
    { fingerprint: print('a'), action: 'not-a-secret', reason: 'an example' },
    { fingerprint: print('b'), action: 'publish', reason: 'changed already' }
  ]);
});

test('the preview shows what would stand', async () => {
  const { lakeside } = await open(world => {
    world.lakeside.findings = [finding('a')];
  });
  await waitFor(() => expect(lakeside.lastBody('share.preview')).toMatchObject({ keep: [] }));
  choose(items()[0]!, 'not-a-secret');
  await waitFor(() => expect(lakeside.lastBody('share.preview')).toMatchObject({ keep: [print('a')] }));
});

test('an earlier word stands and is not said again; it can be taken back', async () => {
  const remembered = { reason: 'an example', by: 'ada', at: '2026-01-01T00:00:00.000Z' };
  const { lakeside, dialog } = await open(world => {
    world.lakeside.findings = [finding('a', { remembered })];
  });
  expect(action(items()[0]!).value).toBe('not-a-secret');
  expect(dialog.findings.decisions).toEqual([]);
  choose(items()[0]!, 'redact');
  await share();
  expect(lakeside.lastBody('share.publish')?.['findings']).toEqual([{ fingerprint: print('a'), action: 'redact' }]);
});

test('publishing is not offered where it is not allowed', async () => {
  await open(world => {
    world.lakeside.findings = [finding('a')];
    world.lakeside.mayPublish = false;
  });
  expect([...action(items()[0]!).options].map(option => option.value)).toEqual(['redact', 'not-a-secret']);
});

test('"Go to" closes the dialog and shows the cell; a notebook that is not open has no such button', async () => {
  const reveal = vi.fn();
  const { onClose } = await open(world => {
    world.lakeside.findings = [finding('a')];
    Object.assign(world.source, { reveal });
  });
  fireEvent.click(screen.getByRole('button', { name: 'Go to cell 14, line 2' }));
  expect(onClose).toHaveBeenCalledOnce();
  expect(reveal).toHaveBeenCalledWith({ index: 13, id: 'c' });
  cleanup();
  await open(world => {
    world.lakeside.findings = [finding('a')];
  });
  expect(screen.queryByRole('button', { name: /Go to/ })).toBeNull();
});

test('a scan that fails says why and is tried again; sharing stays possible', async () => {
  const { lakeside } = await open(world => {
    world.lakeside.failures.push({ id: 'share.scan', error: new ProblemError('render-failed', 'It broke.') });
    world.lakeside.findings = [finding('a')];
  });
  expect(screen.getByText(/It broke\./)).toBeTruthy();
  await act(async () => fireEvent.click(screen.getAllByRole('button', { name: 'Retry' })[0]!));
  await waitFor(() => expect(items()).toHaveLength(1));
  expect(screen.queryByText(/It broke\./)).toBeNull();
  await share();
  await waitFor(() => expect(lakeside.count('share.publish')).toBe(1));
});

test('a change of the notebook is looked at again, and what was decided stays', async () => {
  const { lakeside, source, dialog } = await open(world => {
    world.lakeside.findings = [finding('a')];
  });
  choose(items()[0]!, 'publish');
  reason(items()[0]!, 'because');
  lakeside.findings = [finding('a'), finding('b')];
  act(() => source.edit('two'));
  await waitFor(() => expect(items()).toHaveLength(2), { timeout: 5000 });
  expect(lakeside.lastBody('share.scan')).toMatchObject({ source: { kind: 'upload' } });
  expect(dialog.findings.state.secrets.map(secret => [secret.action, secret.reason])).toEqual([
    ['publish', 'because'],
    ['redact', '']
  ]);
});

test('a place that takes no secrets says so, and is not asked in vain', async () => {
  const { lakeside, dialog } = await open(world => {
    const policy = { secrets: 'block' as const };
    world.lakeside.targets.push({ id: 'data', kind: 'mediawiki', label: 'Data wiki', description: '', policy });
    world.lakeside.findings = [finding('a')];
  });
  expect(screen.getByText(/redacted in the page/)).toBeTruthy();
  act(() => dialog.choose({ target: 'data' }));
  expect(screen.getByText(/1 possible secret. Data wiki takes no notebook that holds one./)).toBeTruthy();
  const options = within(action(items()[0]!)).getAllByRole('option');
  expect(options.map(option => option.textContent)).toEqual(['A secret', 'Not a secret']);
  await share();
  expect(screen.getByRole('alert').textContent).toBe('Take it out of the notebook, or say why it is no secret.');
  expect(lakeside.count('share.publish')).toBe(0);
  choose(items()[0]!, 'not-a-secret');
  expect(screen.queryByRole('alert')).toBeNull();
  reason(items()[0]!, 'an example');
  await share();
  await waitFor(() => expect(lakeside.count('share.publish')).toBe(1));
});
