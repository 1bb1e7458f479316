import { RenderMimeRegistry, standardRendererFactories } from '@jupyterlab/rendermime';
import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { afterEach, expect, test, vi } from 'vitest';
import { createOutputHost } from '../../../../src/schedule/run/outputArea.js';
import { RunModel } from '../../../../src/schedule/run/runModel.js';
import { FakeSchedules, runOf } from '../support.js';

const trans = nullTranslator.load('lakeside');
const widgets: Widget[] = [];
afterEach(() => widgets.splice(0).forEach(widget => widget.dispose()));

function shown(widget: Widget): HTMLElement {
  widgets.push(widget);
  Widget.attach(widget, document.body);
  return widget.node;
}

const host = () => createOutputHost(new RenderMimeRegistry({ initialFactories: standardRendererFactories }), trans);
const html = (text: string) => ({ output_type: 'display_data', metadata: {}, data: { 'text/html': text } });

test('foreign HTML runs nothing and starts no command', async () => {
  const node = shown(
    host().createOf([
      html('<b>bold</b><img src=x onerror="window.hurt = 1"><script>window.hurt = 2</script>'),
      html(
        '<button data-commandlinker-command="filebrowser:delete" data-commandlinker-args="{&quot;a&quot;:1}">x</button>'
      ),
      { output_type: 'display_data', metadata: {}, data: { 'application/javascript': 'window.hurt = 3' } }
    ])
  );
  await vi.waitFor(() => expect(node.querySelector('b')?.textContent).toBe('bold'));
  await vi.waitFor(() => expect(node.querySelector('button')).toBeTruthy());
  expect(node.innerHTML).not.toMatch(/onerror|<script|commandlinker/i);
  expect((window as { hurt?: number }).hurt).toBeUndefined();
});

test('outputs come one after the other, are cleared, and begin anew', async () => {
  const fake = new FakeSchedules();
  const run = runOf(1, 1, { state: 'RUNNING' });
  fake.runs = [run];
  const model = new RunModel({
    client: fake.client,
    background: fake.client,
    runId: run.id,
    newId: () => '',
    later: each => each(),
    wait: () => Promise.resolve()
  });
  const events = fake.eventsOf(run.id);
  const text = (words: string) =>
    ({ type: 'output', index: 1, output: { output_type: 'stream', name: 'stdout', text: words } }) as const;
  events.push({ type: 'started', attempt: 1, cells: 1 }, text('one '));
  const following = model.follow();
  await vi.waitFor(() => expect(model.outputsOf(1)).toHaveLength(1));
  const node = shown(host().create(model, 1));
  await vi.waitFor(() => expect(node.textContent).toContain('one'));
  events.push(text('two'));
  await vi.waitFor(() => expect(node.textContent).toContain('one two'));
  events.push({ type: 'output', index: 1, output: { output_type: 'clear' } }, text('three'));
  await vi.waitFor(() => expect(node.textContent).toContain('three'));
  expect(node.textContent).not.toContain('one');
  events.push({ type: 'output', index: 2, output: { output_type: 'stream', name: 'stdout', text: 'other' } });
  events.push({ type: 'started', attempt: 2, cells: 1 });
  await vi.waitFor(() => expect(node.textContent).not.toContain('three'));
  expect(node.textContent).not.toContain('other');
  model.dispose();
  await following;
});

test('what was too large to be told is named', async () => {
  const node = shown(
    host().createOf([{ output_type: 'display_data', data: { 'text/plain': '<Figure>' }, leftOut: ['image/png'] }])
  );
  await vi.waitFor(() => expect(node.textContent).toContain('This output is large (image/png).'));
  expect(node.textContent).toContain('<Figure>');
});
