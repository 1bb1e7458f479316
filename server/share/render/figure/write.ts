import { writeFileSync } from 'node:fs';
import { ProblemError } from '../../../../contract/problem.js';
import { isObject, objectAt, own, textOf, type JsonObject } from '../../notebook/json.js';
import { cellOutputs, cellType, type Notebook } from '../../notebook/model.js';
import { isDisplay } from '../../notebook/normalise.js';
import type { RenderCall } from '../../ports.js';
import type { Assets } from '../assets.js';
import {
  describe,
  findFigure,
  specInHtml,
  vegaMime,
  type FigureLibraries,
  type FoundFigure
} from '../build/figures.js';
import { eachCell } from '../cells.js';
import { bokehBody, figureDocument, htmlBody, plotlyBody, vegaBody } from './body.js';

export interface FigureResources {
  assets: Assets;
  libraries: FigureLibraries;
  call: RenderCall;
}

/** Where a figure is in its notebook. */
interface Located {
  found: FoundFigure;
  cell: JsonObject;
  index: number;
  data: JsonObject;
}

/**
 * Writes one interactive figure as a document that runs its own scripts and reaches nothing.
 *
 * @param number - as the page numbers its figures, from 1
 * @returns the size in bytes
 * @throws ProblemError `not-found` where there is no such figure, or it cannot run here
 */
export async function writeFigure(
  notebook: Notebook,
  number: number,
  file: string,
  resources: FigureResources
): Promise<number> {
  const located = await locate(notebook, number, resources.call);
  if (!located) throw new ProblemError('not-found', `This notebook has no figure ${number}.`);
  const figure = describe(located.found, number, located.index, resources.libraries);
  if (!figure.live) throw new ProblemError('not-found', figure.reason ?? 'This figure cannot run here.');
  const title = `Figure ${number}: ${located.found.label}`;
  const html = figureDocument(title, body(located, resources));
  writeFileSync(file, html, { flag: 'wx' });
  return Buffer.byteLength(html);
}

async function locate(notebook: Notebook, number: number, call: RenderCall): Promise<Located | undefined> {
  let seen = 0;
  let located: Located | undefined;
  await eachCell(notebook, call, (cell, index) => {
    if (cellType(cell) !== 'code') return true;
    for (const { output } of cellOutputs(cell)) {
      const data = objectAt(output, 'data');
      const found = isDisplay(output) ? findFigure(data) : undefined;
      if (found && ++seen === number) {
        located = { found, cell, index, data };
        return false;
      }
    }
    return true;
  });
  return located;
}

function body({ found, cell, data }: Located, { assets, libraries }: FigureResources): string {
  const html = textOf(own(data, 'text/html'));
  switch (found.kind) {
    case 'plotly':
      return plotlyBody(objectAt(data, 'application/vnd.plotly.v1+json'), libraries.plotly ?? '');
    case 'vega': {
      const mime = vegaMime(data);
      const spec = mime === undefined ? specInHtml(html) : objectAt(data, mime);
      return vegaBody(isObject(spec) ? spec : {}, assets.vega);
    }
    case 'bokeh':
      return bokehBody(textOf(own(data, 'application/javascript')), hosts(cell), libraries.bokeh ?? '');
    case 'html':
      return htmlBody(html);
  }
}

/** The empty elements into which a cell's Bokeh plots are drawn; they come as outputs of their own. */
function hosts(cell: JsonObject): string[] {
  return cellOutputs(cell).flatMap(({ output }) => {
    const html = textOf(own(objectAt(output, 'data'), 'text/html'));
    return [...html.matchAll(/<div\b[^>]{0,500}?\sid="([\w-]{1,100})"[^>]{0,500}\bdata-root-id=/g)].map(
      match => match[1] as string
    );
  });
}
