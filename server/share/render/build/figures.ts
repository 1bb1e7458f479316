import type { Figure } from '../../../../contract/share/index.js';
import { isObject, objectAt, own, stringAt, textOf, type Json, type JsonObject } from '../../notebook/json.js';
import { embeddedFrame } from './table.js';

/** JavaScript libraries of the Jupyter server's Python, with which figures can run: the files, where they are. */
export interface FigureLibraries {
  plotly: string | undefined;
  bokeh: string | undefined;
}

/** An interactive figure as an output holds it. */
export interface FoundFigure {
  kind: Figure['kind'];
  /** For people: "Plotly chart". */
  label: string;
  title: string | undefined;
  /** True where everything the figure needs is in the notebook, or is a library that can be added. */
  complete: boolean;
}

const VEGA = /^application\/vnd\.vega(lite)?\.v\d+(\.\d+)*[+.]json$/;
const BOKEH = 'application/vnd.bokehjs_exec.v0+json';
const HOLOVIEWS = 'application/vnd.holoviews_exec.v0+json';
const PLOTLY = 'application/vnd.plotly.v1+json';

/** Outputs that only load a library into the page: nothing to see. */
export function isLoader(data: JsonObject): boolean {
  if (Object.hasOwn(data, 'application/vnd.bokehjs_load.v0+json')) return true;
  if (Object.hasOwn(data, 'application/vnd.holoviews_load.v0+json')) return true;
  const html = textOf(own(data, 'text/html'));
  if (html === '') return false;
  if (html.includes('bk-notebook-logo')) return true;
  if (/<div[^>]{0,300}\bdata-root-id=/.test(html) && !/<script\b/i.test(html)) return true;
  return (
    /window\.PlotlyConfig|require\.undef\("plotly"\)/.test(html.slice(0, 3000)) && !html.includes('plotly-graph-div')
  );
}

/** The media type under which a bundle holds a Vega or Vega-Lite specification. */
export function vegaMime(data: JsonObject): string | undefined {
  return Object.keys(data).find(mime => VEGA.test(mime) && isObject(own(data, mime)));
}

/**
 * The interactive figure in a display output, if it is one. Everything that counts figures asks here, so that numbers
 * mean the same figure everywhere.
 */
export function findFigure(data: JsonObject): FoundFigure | undefined {
  if (isLoader(data)) return undefined;
  const plotly = own(data, PLOTLY);
  if (isObject(plotly)) return figure('plotly', 'Plotly chart', titleOf(own(objectAt(plotly, 'layout'), 'title')));
  const vega = vegaMime(data);
  if (vega !== undefined) return vegaFigure(vega, objectAt(data, vega));
  if (Object.hasOwn(data, BOKEH)) return figure('bokeh', 'Bokeh plot', undefined);
  if (Object.hasOwn(data, HOLOVIEWS)) return { ...figure('html', 'HoloViews plot', undefined), complete: false };
  const html = textOf(own(data, 'text/html'));
  if (html === '' || hasPlainForm(html, data)) return undefined;
  const found = scriptedFigure(html);
  return found && found.kind === 'html' && embeddedFrame(html) ? undefined : found;
}

/** scikit-learn and xarray bring a plain form for pages without their style sheet and scripts. */
export function hasPlainForm(html: string, data: JsonObject): boolean {
  return html.includes('-text-repr-fallback') && textOf(own(data, 'text/plain')) !== '';
}

function vegaFigure(mime: string, spec: JsonObject): FoundFigure {
  const label = mime.includes('lite') ? 'Vega-Lite chart' : 'Vega chart';
  return { ...figure('vega', label, titleOf(own(spec, 'title'))), complete: !loadsData(spec, 12) };
}

/** True where a specification takes its data from an address. Inline data are not looked through. */
function loadsData(value: Json | undefined, depth: number): boolean {
  if (depth === 0 || typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.slice(0, 1000).some(item => loadsData(item, depth - 1));
  if (!isObject(value)) return false;
  const url = stringAt(value, 'url');
  if (url !== undefined && !url.startsWith('data:')) return true;
  return Object.keys(value).some(
    key => key !== 'values' && key !== 'datasets' && loadsData(own(value, key), depth - 1)
  );
}

/** HTML that draws itself by script. */
function scriptedFigure(html: string): FoundFigure | undefined {
  if (!/<script\b/i.test(html) && !/<iframe\b[^>]{0,2000}\bsrcdoc=/i.test(html)) return undefined;
  const head = html.slice(0, 20_000) + html.slice(-20_000);
  const spec = /vegaEmbed\s*\(|vega-embed/.test(head) ? specInHtml(html) : undefined;
  if (spec) return vegaFigure('lite', spec);
  const complete =
    !/<script\b[^>]{0,2000}\bsrc\s*=|<link\b[^>]{0,2000}\bhref\s*=\s*["']?(?:https?:)?\/\/|\bimport\s*\(?\s*["'](?:https?:)?\/\//i.test(
      html
    ) && !/\brequire\s*\(\s*\[/.test(html);
  if (html.includes('plotly-graph-div') || html.includes('Plotly.newPlot'))
    return { ...figure('html', 'Plotly chart', undefined), complete: complete && html.length > 1_000_000 };
  if (/leaflet|folium/i.test(head)) return { ...figure('html', 'map', undefined), complete };
  return { ...figure('html', 'interactive output', undefined), complete };
}

/** The specification inside the HTML that Altair writes: `})({"config": …}, {"mode": "vega-lite"});`. */
export function specInHtml(html: string): JsonObject | undefined {
  const start = /\}\s*\)\s*\(\s*(?=\{)/.exec(html);
  if (!start) return undefined;
  const from = start.index + start[0].length;
  let depth = 0;
  for (let at = from; at < html.length; at++) {
    const char = html[at];
    if (char === '"') {
      for (at++; at < html.length && html[at] !== '"'; at++) if (html[at] === '\\') at++;
    } else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return parsed(html.slice(from, at + 1));
  }
  return undefined;
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function figure(kind: Figure['kind'], label: string, title: string | undefined): FoundFigure {
  return { kind, label, title, complete: true };
}

function titleOf(value: Json | undefined): string | undefined {
  const text =
    typeof value === 'string'
      ? value
      : isObject(value)
        ? textOf(own(value, 'text')) || stringAt(value, 'text')
        : undefined;
  const plain = text
    ?.replace(/<[^<>]{0,200}>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
  return plain === '' ? undefined : plain;
}

/** What the contract says of a figure: whether it can run here, and if not, why and what to do. */
export function describe(found: FoundFigure, number: number, cell: number, libraries: FigureLibraries): Figure {
  const base = { number, kind: found.kind, cell };
  if (found.kind === 'plotly' && libraries.plotly === undefined)
    return {
      ...base,
      live: false,
      reason: 'Plotly is not installed beside Jupyter. Run "pip install plotly" there to show it live.'
    };
  if (found.kind === 'bokeh' && libraries.bokeh === undefined)
    return {
      ...base,
      live: false,
      reason: 'Bokeh is not installed beside Jupyter. Run "pip install bokeh" there to show it live.'
    };
  if (!found.complete)
    return {
      ...base,
      live: false,
      reason: 'It loads its scripts from the network, which a shared page does not. Open the notebook to see it live.'
    };
  return { ...base, live: true };
}
