/**
 * Hostile notebooks: each tries to run a script, to reach the network or to break out of its page. A script that runs
 * gives itself away by `hit:<name>` (page title, message, dialog); a request by its address `<beacon>/<name>`.
 */
import { codeCell, display, failure, markdownCell, notebookOf, stream } from './notebooks.js';
import { htmlPayloads } from './hostile/html.js';
import { markdownPayloads, mathPayloads } from './hostile/markdown.js';
import { wayOut, waysOut } from './hostile/figures.js';
import { svgPayloads } from './hostile/svg.js';

/** What payloads are made with. */
export interface Trap {
  /** JavaScript that gives itself away. Free of quotes, `<`, `>` and blanks. */
  script: string;
  /** An http address that no page may ask for. */
  beacon: string;
}

export interface HostileNotebook {
  /** Unique; letters, digits and dashes. */
  name: string;
  notebook: Record<string, unknown>;
  /** A title to publish it under, where the title is the payload. */
  title?: string;
}

/** Names that are payloads, short enough to be taken. What runs says `hit:<where>` in a dialog. */
export const hostileNames = {
  title: `Title <img src=x onerror=alert('hit:title')>`,
  tag: `<img src=x onerror=alert('hit:tag')>`,
  group: `"><svg onload=alert('hit:group')>`,
  fileName: `<img src=x onerror=alert('hit:file')> & "x'.ipynb`
};

/** One notebook with the cells of all hostile ones. */
export function hostileCollection(beacon: string): Record<string, unknown> {
  const cells = hostileNotebooks(beacon).flatMap(({ notebook }) => (notebook['cells'] as object[] | undefined) ?? []);
  const numbered = cells.map((cell, at) => ({ ...cell, id: `cell-${at}` })) as Parameters<typeof notebookOf>[0];
  return notebookOf([markdownCell(`# ${hostileNames.title}`), ...numbered]);
}

/** Makes all hostile notebooks. @param beacon - address of a server that notes every request, without a slash at the end */
export function hostileNotebooks(beacon: string): HostileNotebook[] {
  const all: HostileNotebook[] = [];
  const add = (name: string, make: (trap: Trap) => Omit<HostileNotebook, 'name'>): void => {
    all.push({ name, ...make(trapOf(name, beacon)) });
  };
  for (const [name, html] of Object.entries(htmlPayloads)) {
    add(`output-${name}`, trap => ({
      notebook: notebookOf([codeCell('show()', [display({ 'text/html': html(trap) })])])
    }));
    add(`source-${name}`, trap => ({
      notebook: notebookOf([markdownCell(`Before\n\n${html(trap)}\n\nAfter ${html(trap)}`)])
    }));
  }
  for (const [name, markdown] of Object.entries({ ...markdownPayloads, ...mathPayloads })) {
    add(`source-${name}`, trap => ({ notebook: notebookOf([markdownCell(markdown(trap))]) }));
    add(`output-${name}`, trap => ({
      notebook: notebookOf([codeCell('show()', [display({ 'text/markdown': markdown(trap), 'text/plain': 'x' })])])
    }));
  }
  for (const [name, svg] of Object.entries(svgPayloads)) {
    add(`output-${name}`, trap => ({
      notebook: notebookOf([codeCell('show()', [display({ 'image/svg+xml': svg(trap) })])])
    }));
    add(`attachment-${name}`, trap => ({
      notebook: notebookOf([
        markdownCell('![x](attachment:x.svg)', { attachments: { 'x.svg': { 'image/svg+xml': svg(trap) } } })
      ])
    }));
  }
  addPlaces(add);
  addFigures(add);
  return all;
}

/** A payload as a document of its own, with nothing of Lakeside around or between. */
export interface RawDocument {
  name: string;
  /** A page, or what a live figure is before it is guarded. */
  kind: 'page' | 'figure';
  html: string;
}

/** The same payloads raw: what the detectors of the tests have to notice. */
export function rawDocuments(beacon: string): RawDocument[] {
  const all: RawDocument[] = [];
  const add = (kind: RawDocument['kind'], name: string, make: (trap: Trap) => string): unknown =>
    all.push({ name, kind, html: `<!DOCTYPE html><meta charset="utf-8"><body>${make(trapOf(name, beacon))}` });
  for (const [name, html] of Object.entries(htmlPayloads)) add('page', `raw-${name}`, html);
  for (const [name, svg] of Object.entries(svgPayloads)) add('page', `raw-picture-${name}`, svg);
  for (const [name, attempt] of Object.entries(waysOut)) add('figure', `raw-${name}`, trap => wayOut(trap, attempt));
  return all;
}

function trapOf(name: string, beacon: string): Trap {
  const found = `hit:${name}`;
  const code = `try{document.title="${found}"}catch(e){};try{top.postMessage("${found}","*")}catch(e){};try{new(Image)().src="${beacon}/${name}/script"}catch(e){};try{alert("${found}")}catch(e){}`;
  return {
    script: `eval(String.fromCharCode(${Array.from(code, char => char.charCodeAt(0)).join(',')}))`,
    beacon: `${beacon}/${name}`
  };
}

type Add = (name: string, make: (trap: Trap) => Omit<HostileNotebook, 'name'>) => void;

/** Every other place of a notebook in which text can stand. */
function addPlaces(add: Add): void {
  const tag = (trap: Trap): string =>
    `"><img src=x onerror=${trap.script}><script>${trap.script}</script><img src=${trap.beacon}>`;
  const html = (trap: Trap): string => `</title></style></pre></script>${tag(trap)}`;
  add('place-code', trap => ({ notebook: notebookOf([codeCell(html(trap))]) }));
  add('place-code-magic', trap => ({ notebook: notebookOf([codeCell(`%%html ${html(trap)}\n${html(trap)}`)]) }));
  add('place-raw', trap => ({
    notebook: notebookOf([{ cell_type: 'raw', metadata: { format: 'text/html' }, source: html(trap) }])
  }));
  add('place-unknown-cell', trap => ({
    notebook: notebookOf([{ cell_type: html(trap), metadata: {}, source: html(trap) }])
  }));
  add('place-stream', trap => ({
    notebook: notebookOf([codeCell('', [stream(html(trap)), stream(html(trap), 'stderr'), stream('x', html(trap))])])
  }));
  add('place-ansi', trap => ({
    notebook: notebookOf([
      codeCell('', [
        stream(
          `\u001b[31m${html(trap)}\u001b]8;;javascript:${trap.script}\u0007link\u001b]8;;\u0007\u001b[38;2;1;2;3"onclick=${trap.script}m x \u001b]0;${html(trap)}\u0007`
        )
      ])
    ])
  }));
  add('place-error', trap => ({
    notebook: notebookOf([codeCell('', [failure(html(trap), html(trap), [`\u001b[0;31m${html(trap)}`])])])
  }));
  add('place-plain', trap => ({ notebook: notebookOf([codeCell('', [display({ 'text/plain': html(trap) })])]) }));
  add('place-json', trap => ({
    notebook: notebookOf([codeCell('', [display({ 'application/json': { [html(trap)]: html(trap) } })])])
  }));
  add('place-mime', trap => ({
    notebook: notebookOf([codeCell('', [display({ [`application/${html(trap)}`]: html(trap) })])])
  }));
  add('place-javascript', trap => ({
    notebook: notebookOf([
      codeCell('', [
        display({ 'application/javascript': trap.script, 'text/plain': '<IPython.core.display.Javascript object>' })
      ])
    ])
  }));
  add('place-pdf', trap => ({
    notebook: notebookOf([codeCell('', [display({ 'application/pdf': Buffer.from(html(trap)).toString('base64') })])])
  }));
  add('place-latex', trap => ({
    notebook: notebookOf([
      codeCell('', [display({ 'text/latex': `$\\href{javascript:${trap.script}}{x}$ ${html(trap)}` })])
    ])
  }));
  add('place-png', trap => ({
    notebook: notebookOf([
      codeCell('', [
        display(
          { 'image/png': `AAAA" onerror="${trap.script}` },
          { 'image/png': { width: `1" onload=${trap.script}`, height: html(trap) } }
        )
      ])
    ])
  }));
  add('place-png-svg', trap => ({
    notebook: notebookOf([
      codeCell('', [
        display({
          'image/png': Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="${trap.script}"/>`).toString(
            'base64'
          )
        })
      ])
    ])
  }));
  add('place-attachment-name', trap => ({
    notebook: notebookOf([
      markdownCell(`![x](<attachment:${html(trap).replace(/[<>]/g, '')}>)`, {
        attachments: { [html(trap)]: { 'image/png': html(trap) } }
      })
    ])
  }));
  add('place-cell-id', trap => ({ notebook: notebookOf([codeCell('x', [], { id: html(trap) })]) }));
  add('place-count', trap => ({ notebook: notebookOf([codeCell('x', [], { execution_count: html(trap) })]) }));
  add('place-tags', trap => ({
    notebook: notebookOf([codeCell('x', [], { metadata: { tags: [html(trap), 'hide-input'], name: html(trap) } })])
  }));
  add('place-kernel', trap => ({
    notebook: notebookOf([codeCell('x')], {
      kernelspec: { name: html(trap), display_name: html(trap), language: html(trap) },
      language_info: { name: html(trap), version: html(trap) }
    })
  }));
  add('place-metadata', trap => ({
    notebook: notebookOf([], {
      title: html(trap),
      authors: [{ name: html(trap) }],
      lakeside: { id: html(trap) },
      [html(trap)]: 1
    })
  }));
  add('place-heading', trap => ({
    notebook: notebookOf([markdownCell(`# ${html(trap)}\n## \`${html(trap)}\`\n## b\n## c\n## d`)])
  }));
  add('place-title', trap => ({ notebook: notebookOf([markdownCell('x')]), title: html(trap) }));
  add('place-widget', trap => ({
    notebook: notebookOf(
      [
        codeCell('', [
          display({ 'application/vnd.jupyter.widget-view+json': { model_id: 'm' }, 'text/plain': html(trap) })
        ])
      ],
      {
        widgets: {
          'application/vnd.jupyter.widget-state+json': {
            state: {
              m: {
                model_name: html(trap),
                state: { description: html(trap), value: html(trap), children: ['IPY_MODEL_m'] }
              }
            }
          }
        }
      }
    )
  }));
  add('place-worksheet', trap => ({
    notebook: {
      nbformat: 3,
      metadata: { name: html(trap) },
      worksheets: [
        {
          cells: [
            { cell_type: 'heading', level: html(trap), source: html(trap) },
            { cell_type: 'html', source: html(trap) },
            {
              cell_type: 'code',
              input: html(trap),
              outputs: [{ output_type: 'pyout', html: tag(trap), svg: `<svg onload=${trap.script}>` }]
            }
          ]
        }
      ]
    }
  }));
}

/** Interactive figures: on the page they stand still, whatever they carry. */
function addFigures(add: Add): void {
  const script = (trap: Trap): string =>
    `<img src=x onerror=${trap.script}><a href="javascript:${trap.script}">x</a><img src=${trap.beacon}>`;
  add('figure-plotly', trap => ({
    notebook: notebookOf([
      codeCell('', [
        display({
          'application/vnd.plotly.v1+json': {
            data: [{ x: [1], text: script(trap) }],
            layout: { title: { text: script(trap) }, images: [{ source: trap.beacon }] }
          }
        })
      ])
    ])
  }));
  add('figure-plotly-html', trap => ({
    notebook: notebookOf([
      codeCell('', [
        display({
          'text/html': `<div class="plotly-graph-div"></div><script src="${trap.beacon}"></script><script>${trap.script}</script>`
        })
      ])
    ])
  }));
  add('figure-vega', trap => ({
    notebook: notebookOf([
      codeCell('', [
        display({
          'application/vnd.vegalite.v5+json': {
            title: script(trap),
            data: { url: trap.beacon },
            mark: 'bar',
            usermeta: { embedOptions: { loader: { baseURL: trap.beacon } } }
          }
        })
      ])
    ])
  }));
  add('figure-vega-expression', trap => ({
    notebook: notebookOf([
      codeCell('', [
        display({
          'application/vnd.vega.v5+json': {
            signals: [{ name: 's', update: `[].constructor.constructor('${trap.script}')()` }],
            marks: [{ type: 'image', encode: { enter: { url: { value: trap.beacon } } } }]
          }
        })
      ])
    ])
  }));
  add('figure-vega-html', trap => ({
    notebook: notebookOf([
      codeCell('', [
        display({
          'text/html': `<div id="vis"></div><script>vegaEmbed("#vis", 1)</script><script>(function(spec){${trap.script}})({"title":"</script><script>${trap.script}</script>"},{})</script>`
        })
      ])
    ])
  }));
  add('figure-bokeh', trap => ({
    notebook: notebookOf([
      codeCell('', [
        display({ 'text/html': `<div id="a" data-root-id="b" onclick="${trap.script}"></div>` }),
        display(
          { 'application/javascript': trap.script, 'application/vnd.bokehjs_exec.v0+json': '' },
          { 'application/vnd.bokehjs_exec.v0+json': { id: script(trap) } }
        )
      ])
    ])
  }));
  add('figure-frame', trap => ({
    notebook: notebookOf([
      codeCell('', [
        display({
          'text/html': `<iframe srcdoc="<script>${trap.script}</script>"></iframe><iframe src="${trap.beacon}"></iframe>`
        })
      ])
    ])
  }));
  for (const [name, attempt] of Object.entries(waysOut))
    add(`figure-way-${name}`, trap => ({
      notebook: notebookOf([codeCell('', [display({ 'text/html': wayOut(trap, attempt) })])])
    }));
  add('figure-html', trap => ({
    notebook: notebookOf([
      codeCell('', [
        display({
          'text/html': `<p onclick="${trap.script}">text that stays on the page when the script is gone</p><script>${trap.script}</script>`
        })
      ])
    ])
  }));
}
