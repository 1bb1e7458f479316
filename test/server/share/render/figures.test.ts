import { readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeCell, display, notebookOf, PICTURE } from '../../../support/notebooks.js';
import { localRenderer, only, pageOf, sectionsOf, withNotebook } from '../../../support/rendering.js';
import { scratch } from '../../../support/scratch.js';

const plotly = {
  'application/vnd.plotly.v1+json': { data: [{ y: [1, 2] }], layout: { title: { text: '<b>Delays</b>' } } }
};
const vega = { 'application/vnd.vegalite.v5+json': { mark: 'bar', data: { values: [{ a: 1 }] }, title: 'Rain' } };
const script = { 'text/html': '<p>drawn</p><script>draw("</script>")</script>' };
const cells = (...outputs: Parameters<typeof display>[0][]) =>
  notebookOf([
    codeCell(
      'x',
      outputs.map(data => display(data))
    )
  ]);

/** A folder with stand-ins for the libraries that Python packages bring. */
function packages(): string {
  const folder = scratch('packages');
  for (const path of ['plotly/package_data/plotly.min.js', 'bokeh/server/static/js/bokeh.min.js']) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `/* ${path} */`);
  }
  return folder;
}

function liveOf(notebook: unknown, number: number, pythonPackages?: string): Promise<string> {
  return withNotebook(notebook, async (source, workDirectory) => {
    const { file, size } = await localRenderer(pythonPackages).figure(source, number, { workDirectory });
    const html = readFileSync(file, 'utf8');
    expect(Buffer.byteLength(html)).toBe(size);
    return html;
  });
}

describe('on the page', () => {
  test('interactive figures stand still: as their picture, else as a placeholder that says so', async () => {
    const { html, figures, notes } = await pageOf(cells({ ...plotly, 'image/png': PICTURE }, vega));
    expect(html).toContain('Figure 1: Plotly chart “Delays”');
    expect(html).toContain(`base64,${PICTURE}`);
    expect(html).toMatch(/class="placeholder">Figure 2: Vega-Lite chart “Rain”/);
    expect(figures.map(({ number, kind }) => [number, kind])).toEqual([
      [1, 'plotly'],
      [2, 'vega']
    ]);
    expect(notes.join()).toContain('figure 2 is interactive and the notebook holds no picture of it');
  });

  test('words of HTML that draws itself stay readable', async () => {
    const text = 'These words say more than forty letters do, surely.';
    const { html } = await pageOf(cells({ 'text/html': `<p>${text}</p><script>x()</script>` }));
    expect(html).toContain(text);
    expect(html).not.toContain('x()');
  });
});

describe('whether a figure can run', () => {
  test.each([
    ['Plotly without its package', plotly, /pip install plotly/],
    ['Bokeh without its package', { 'application/vnd.bokehjs_exec.v0+json': '', 'text/html': '' }, /pip install bokeh/],
    [
      'Vega with data elsewhere',
      { 'application/vnd.vegalite.v5+json': { data: { url: 'https://x/y.csv' } } },
      /network/
    ],
    ['HTML with scripts elsewhere', { 'text/html': '<script src="https://x/y.js"></script>' }, /network/]
  ])('%s: no, and why', async (_, data, reason) => {
    const [section] = await sectionsOf(cells(data));
    const [figure] = only(section?.outputs ?? [], 'figure');
    expect(figure?.figure).toMatchObject({ live: false, reason: expect.stringMatching(reason) });
    await expect(liveOf(cells(data), 1)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('numbers mean the same figure on the page and live', async () => {
    const notebook = cells({ 'text/plain': 'no figure' }, plotly, script, vega);
    expect(await liveOf(notebook, 1, packages())).toContain('Plotly.newPlot');
    expect(await liveOf(notebook, 2)).toContain('draw(');
    expect(await liveOf(notebook, 3)).toContain('lakesideVega.embed');
    await expect(liveOf(notebook, 4)).rejects.toMatchObject({
      code: 'not-found',
      message: 'This notebook has no figure 4.'
    });
  });
});

describe('live', () => {
  test('the policy comes first and lets nothing out; the guard runs before any other script', async () => {
    const html = await liveOf(cells(script), 1);
    const head = html.slice(0, html.indexOf('</head>'));
    expect(head).toMatch(
      /^<!DOCTYPE html>\s<html[^>]*>\s<head>\s<meta http-equiv="Content-Security-Policy" content="default-src 'none'; /
    );
    expect(head).not.toMatch(/https?:/);
    expect(html.indexOf('RTCPeerConnection')).toBeLessThan(html.indexOf('draw('));
  });

  test('what a figure says cannot end the script it stands in', async () => {
    const nasty = { data: [{ text: '</script><script>alert(1)</script><!--\u2028' }] };
    const html = await liveOf(cells({ 'application/vnd.plotly.v1+json': nasty }), 1, packages());
    expect(html).not.toContain('alert(1)</script>');
    expect(html).toContain('\\u003c/script>\\u003cscript>alert(1)\\u003c/script>\\u003c!--\\u2028');
  });

  test('Bokeh draws into the elements of its own cell', async () => {
    const notebook = notebookOf([
      codeCell('x', [
        display({ 'text/html': '<div id="p-1" data-root-id="p1"></div>' }),
        display({ 'application/vnd.bokehjs_exec.v0+json': '', 'application/javascript': 'embed()' })
      ])
    ]);
    const html = await liveOf(notebook, 1, packages());
    expect(html).toContain('<div id="p-1"></div>');
    expect(html.indexOf('bokeh.min.js')).toBeLessThan(html.indexOf('embed()'));
  });
});
