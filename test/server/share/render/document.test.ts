import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { dangers } from '../../../support/harmless.js';
import { codeCell, display, exampleNotebook, markdownCell, notebookOf, stream } from '../../../support/notebooks.js';
import { localRenderer, pageOf, withNotebook } from '../../../support/rendering.js';

const long = (parts: number) => exampleNotebook({ parts });

describe('the page', () => {
  test('is the same bytes every time, in this process and for the same notebook saved otherwise', async () => {
    const notebook = long(12);
    const [one, other] = [await pageOf(notebook), await pageOf(notebook)];
    expect(one.html === other.html).toBe(true);
    const packed = await pageOf(Buffer.from(JSON.stringify(notebook)));
    expect(packed.html === one.html).toBe(true);
  });

  test('is one document without scripts that asks for nothing', async () => {
    const { html, size, files } = await pageOf(long(2));
    expect(dangers(html)).toEqual([]);
    expect(size).toBe(Buffer.byteLength(html));
    expect(files).toEqual(['document.html']);
  });

  test('has the first heading as its title, unless it is given another one', async () => {
    const own = await pageOf(long(1));
    expect(own.html).toContain('<title>An example</title>');
    expect(own.html.match(/<h1/g)).toHaveLength(1);
    const given = await pageOf(long(1), { title: 'Delays <2013>' });
    expect(given.html).toContain('<title>Delays &lt;2013&gt;</title>');
    expect(given.html).toContain('<h1>Delays &lt;2013&gt;</h1>');
    expect((await pageOf(notebookOf([codeCell('x')]))).html).toContain('<title>Untitled notebook</title>');
  });

  test('says what language and how long it is', async () => {
    expect((await pageOf(long(1), { title: 'x' })).html).toContain('Python 3.11 · 3 cells');
    expect((await pageOf(notebookOf([]))).html).toContain('This notebook has no cells.');
  });

  test('lists its headings, in order, each a place in the page', async () => {
    const { html } = await pageOf(
      notebookOf(['# T', '## A b', '## A b', '### C', '## <i>D</i>'].map(text => markdownCell(text)))
    );
    const nav = /<nav[^]*<\/nav>/.exec(html)?.[0] ?? '';
    const links = [...nav.matchAll(/href="#([^"]*)">([^<]*)</g)].map(([, id, text]) => [id, text]);
    expect(links).toEqual([
      ['nb-A-b', 'A b'],
      ['nb-A-b-2', 'A b'],
      ['nb-C', 'C'],
      ['nb-D', 'D']
    ]);
    for (const [id] of links) expect(html).toContain(` id="${id}"`);
    expect((await pageOf(notebookOf([markdownCell('# T')]))).html).not.toContain('<nav');
  });

  test('levels of headings leave no step out', async () => {
    const { html } = await pageOf(notebookOf([markdownCell('# T\n\n#### deep\n\n## back')]));
    expect([...html.matchAll(/<h(\d)/g)].map(([, level]) => level)).toEqual(['1', '2', '2']);
  });

  test('hides code when asked to, and says of which cell it is', async () => {
    const { html } = await pageOf(notebookOf([codeCell('secret_plan()', [stream('out')])]), { hideCode: true });
    expect(html).toMatch(/<details class="fold input"><summary>Code<span class="for"> of cell 1<\/span>/);
    expect(html).toContain('out');
  });

  test('code is coloured in the language of the kernel, SQL cells in theirs', async () => {
    const { html } = await pageOf(notebookOf([codeCell('import os'), codeCell('%%sql db\nSELECT 1')]));
    expect(html).toContain('<span class="hljs-keyword">import</span>');
    expect(html).toContain('<span class="magic">%%sql db</span>');
    expect(html).toContain('<span class="hljs-keyword">SELECT</span>');
  });

  test('letters that turn the direction of a line are shown', async () => {
    const { html } = await pageOf(notebookOf([codeCell('a = "\u202e"')]));
    expect(html).toContain('class="direction"');
    expect(html).not.toContain('\u202e');
  });

  test.each([
    ['客户流失分析', 'zh'],
    ['これはノートブックです', 'ja'],
    ['데이터 분석', 'ko'],
    ['An analysis', 'en']
  ])('%s is read as %s', async (text, lang) => {
    expect((await pageOf(notebookOf([markdownCell(text)]))).html).toContain(`<html lang="${lang}">`);
  });

  test('nbformat 3 gives the same words as nbformat 4', async () => {
    const { html } = await pageOf({
      nbformat: 3,
      metadata: { name: 'old' },
      worksheets: [
        {
          cells: [
            { cell_type: 'heading', level: 2, source: 'Part' },
            { cell_type: 'code', language: 'python', input: 'x', outputs: [{ output_type: 'pyout', text: ['42'] }] }
          ]
        }
      ]
    });
    expect(html).toMatch(/Part<\/h\d>/);
    expect(html).toContain('42');
  });
});

describe('a preview', () => {
  test('ends where it is long enough and says what is missing', async () => {
    const whole = await pageOf(long(40));
    const { html } = await pageOf(long(40), { maxBytes: 5000 });
    expect(html.length).toBeLessThan(whole.html.length);
    expect(html).toMatch(/The preview ends here. The page will have \d+ more cells\./);
    expect(whole.html).not.toContain('The preview ends here');
  });
});

describe('what goes wrong', () => {
  test('a cancelled rendering leaves nothing behind', async () => {
    await withNotebook(long(400), async (source, workDirectory) => {
      const controller = new AbortController();
      const call = { workDirectory, signal: controller.signal, onProgress: () => controller.abort() };
      controller.abort();
      const failed = localRenderer().document(source, { hideCode: false }, call);
      await expect(failed).rejects.toThrow(ProblemError);
      await expect(failed).rejects.toMatchObject({ code: 'cancelled' });
      const { readdirSync } = await import('node:fs');
      expect(readdirSync(workDirectory)).toEqual([]);
    });
  });

  test('a broken cell is named, and no page is left', async () => {
    const broken = Buffer.from(
      '{"nbformat":4,"metadata":{},"cells":[{"cell_type":"markdown","source":"x"},{"cell_type":"code","source":tru}]}'
    );
    await expect(pageOf(broken)).rejects.toMatchObject({
      code: 'not-a-notebook',
      message: expect.stringContaining('cell 2')
    });
  });

  test('what was cut is said in the notes too', async () => {
    const lines = Array.from({ length: 3000 }, (_, at) => `${at}`).join('\n');
    const { notes, html } = await pageOf(
      notebookOf([codeCell('x', [stream(lines)]), codeCell('y', [display({ 'text/plain': 'z' })])])
    );
    expect(notes).toEqual(['Cell 1: 2,100 lines omitted, open the full notebook.']);
    expect(html).toContain('<span class="omitted">… 2,100 lines omitted …</span>');
    expect(html).toContain('<p class="below">2,100 lines omitted, open the full notebook</p>');
    expect(html).toContain('One thing is not shown in full');
  });
});
