import { describe, expect, test } from 'vitest';
import type { Block } from '../../../../server/share/render/sharedoc.js';
import { codeCell, display, failure, notebookOf, PICTURE, stream } from '../../../support/notebooks.js';
import { only, sectionsOf } from '../../../support/rendering.js';

type Outputs = Parameters<typeof codeCell>[1];

async function blocksOf(outputs: Outputs, metadata = {}): Promise<Block[]> {
  const [section] = await sectionsOf(notebookOf([codeCell('x', outputs)], metadata));
  return section?.outputs ?? [];
}

const table = '<table class="dataframe"><tr><th>a</th></tr><tr><td>1</td></tr></table>';

describe('of each output the one form that shows most', () => {
  test.each([
    ['a table before its text', { 'text/html': table, 'text/plain': 'a\n1' }, ['table']],
    ['a picture before its text', { 'image/png': PICTURE, 'text/plain': '<Figure>' }, ['image']],
    ['prose before a picture', { 'text/markdown': '*x*', 'image/png': PICTURE }, ['markdown']],
    ['a formula before its text', { 'text/latex': '$x^2$', 'text/plain': 'x**2' }, ['markdown']],
    ['text before LaTeX that is no formula', { 'text/latex': '\\begin{tabular}', 'text/plain': 'x' }, ['text']],
    ['a figure with its picture', { 'application/vnd.plotly.v1+json': { data: [] }, 'image/png': PICTURE }, ['figure']],
    [
      'text beside HTML in which nothing can be seen',
      { 'text/html': '<style>b{}</style>', 'text/plain': 'x' },
      ['text']
    ],
    [
      'nothing for an object that only has a name',
      { 'text/html': '<p></p>', 'text/plain': '<a.B object at 0x1f>' },
      []
    ],
    ['JSON as code', { 'application/json': { a: [1] }, 'text/plain': '<IPython.core.display.JSON object>' }, ['code']],
    ['a sentence for a kind nobody knows', { 'application/x-foo': 'y' }, ['notice']],
    ['a sentence for a script', { 'application/javascript': 'alert(1)' }, ['notice']],
    [
      'text of scikit-learn instead of its unstyled HTML',
      { 'text/html': '<i class="sk-text-repr-fallback">', 'text/plain': 'LR()' },
      ['text']
    ],
    ['nothing for a library that is loaded', { 'application/vnd.bokehjs_load.v0+json': '', 'text/html': 'x' }, []]
  ])('%s', async (_, data, kinds) => {
    expect((await blocksOf([display(data)])).map(block => block.kind)).toEqual(kinds);
  });

  test('a picture whose bytes are none is not shown; its text is', async () => {
    expect(await blocksOf([display({ 'image/png': 'AAAA', 'text/plain': 'text' })])).toMatchObject([
      { kind: 'text', head: 'text' }
    ]);
  });

  test('the bytes decide about the type of a picture, and its size is read from them', async () => {
    const [image] = only(await blocksOf([display({ 'image/jpeg': PICTURE })]), 'image');
    expect(image?.picture).toMatchObject({ type: 'image/png', width: 2, height: 1 });
    expect(image?.alt).toBe('Figure from cell 1');
  });

  test('a size that the notebook asks for wins', async () => {
    const sizes = { 'image/png': { width: 300, height: 200.4 } };
    const [image] = only(await blocksOf([display({ 'image/png': PICTURE }, sizes)]), 'image');
    expect(image?.picture).toMatchObject({ width: 300, height: 200 });
  });
});

describe('what programs print', () => {
  test('pieces of one stream are one text, streams stay apart, in order', async () => {
    const outputs = [stream('a'), stream('b\n'), stream('oops\n', 'stderr'), stream('c')];
    expect(await blocksOf(outputs)).toEqual([
      { kind: 'text', origin: 'stdout', head: 'ab' },
      { kind: 'text', origin: 'stderr', head: 'oops' },
      { kind: 'text', origin: 'stdout', head: 'c' }
    ]);
  });

  test('a progress bar is shown as it stood in the end', async () => {
    const [text] = only(await blocksOf([stream('  0%|   |\r 50%|#  |'), stream('\r100%|###|\n')]), 'text');
    expect(text?.head).toBe('100%|###|');
  });

  test('an error has its last line as its summary', async () => {
    const trace = ['\u001b[0;31mTraceback\u001b[0m', 'ZeroDivisionError: division by zero'];
    expect(await blocksOf([failure('ZeroDivisionError', 'division\nby zero', trace)])).toEqual([
      { kind: 'error', summary: 'ZeroDivisionError: division by zero', traceback: trace.join('\n') }
    ]);
  });

  test('long output keeps its beginning and its end, and says how many lines are missing', async () => {
    const lines = Array.from({ length: 5000 }, (_, at) => `line ${at}`);
    const [text] = only(await blocksOf([stream(lines.join('\n'))]), 'text');
    expect(text?.head.split('\n')).toEqual(lines.slice(0, 700));
    expect(text?.tail?.split('\n')).toEqual(lines.slice(-200));
    expect(text?.omitted).toBe(4100);
  });

  test('an endless line is cut and says so', async () => {
    const [text] = only(await blocksOf([stream(`${'x'.repeat(30_000)}\n`)]), 'text');
    expect(text?.head).toMatch(/^x{20000} … \(10,000 more characters\)$/);
  });
});

describe('widgets', () => {
  const view = display({ 'application/vnd.jupyter.widget-view+json': { model_id: 'm' } });
  const states = (state: object) => ({
    widgets: { 'application/vnd.jupyter.widget-state+json': { state } }
  });

  test('are told in the words of their saved state', async () => {
    const state = {
      m: { model_name: 'HBoxModel', state: { children: ['IPY_MODEL_a', 'IPY_MODEL_b'] } },
      a: { model_name: 'HTMLModel', state: { value: '<b>Loading</b>' } },
      b: { model_name: 'FloatProgressModel', state: { value: 3, max: 5 } }
    };
    const [notice] = only(await blocksOf([view], states(state)), 'notice');
    expect(notice?.text).toBe('Interactive control (HBox): Loading 3/5');
  });

  test('that contain themselves end', async () => {
    const [notice] = only(
      await blocksOf([view], states({ m: { state: { value: 'x', children: ['IPY_MODEL_m'] } } })),
      'notice'
    );
    expect(notice?.text).toBe('Interactive control: x x x x x x x x');
  });

  test('without state are named as left out', async () => {
    const [notice] = only(await blocksOf([view]), 'notice');
    expect(notice).toMatchObject({ tone: 'missing', text: expect.stringContaining('does not hold its state') });
  });
});

test('frames and films are left out by name', async () => {
  const html = '<iframe src="https://example.org/map"></iframe><video src="x.mp4"></video>';
  expect(only(await blocksOf([display({ 'text/html': html })]), 'notice')).toEqual([
    { kind: 'notice', tone: 'missing', text: 'An embedded page is left out:', link: 'https://example.org/map' },
    { kind: 'notice', tone: 'missing', text: 'A film is left out. Open the full notebook to play it.' }
  ]);
});

test('cells fold as JupyterLab and the tags of other tools say', async () => {
  const folded = async (metadata: object) =>
    (await sectionsOf(notebookOf([codeCell('x', [], { metadata: metadata as never })])))[0]?.folded;
  expect(await folded({})).toEqual({ code: false, outputs: false });
  expect(await folded({ jupyter: { source_hidden: true } })).toEqual({ code: true, outputs: false });
  expect(await folded({ tags: ['hide_input'] })).toEqual({ code: true, outputs: false });
  expect(await folded({ tags: ['remove-output'] })).toEqual({ code: false, outputs: true });
  expect(await folded({ collapsed: true })).toEqual({ code: false, outputs: true });
});
