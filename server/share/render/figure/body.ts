import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { numberOf, objectAt, own, type Json, type JsonObject } from '../../notebook/json.js';
import { compact } from '../../notebook/write.js';
import { guard } from './guard.js';
import { escapeHtml } from '../html/escape.js';
import { readScript } from './script.js';

/**
 * Scripts of the figure may run, and nothing is loaded, sent, framed or submitted. The page shows it in a sandboxed
 * frame without the origin of Lakeside, under a policy of its own (`frame-src 'self'`) that keeps the frame from
 * leaving for another address: what a document cannot forbid itself.
 */
export const FIGURE_POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data:; base-uri 'none'; form-action 'none'";

/** A whole document around the body of a figure. */
export function figureDocument(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="${FIGURE_POLICY}">
<meta charset="utf-8">
<meta http-equiv="x-dns-prefetch-control" content="off">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>body{margin:0;background:#fff;color:#000;font:14px system-ui,sans-serif}</style>
<script>${guard}</script>
</head>
<body>
${body}
</body>
</html>
`;
}

export function vegaBody(spec: JsonObject, file: string): string {
  // The interpreter runs Vega's expressions without compiling them; a `url` in the data finds no network.
  const options = { ast: true, actions: false, renderer: 'svg', tooltip: true };
  return [
    '<div id="figure" style="padding:8px"></div>',
    script(readScript(file)),
    script(`lakesideVega.embed("#figure",${json(spec)},${JSON.stringify(options)}).catch(${showError});`)
  ].join('\n');
}

export function plotlyBody(figure: JsonObject, file: string): string {
  const height = numberOf(own(objectAt(figure, 'layout'), 'height')) ?? 450;
  const code = `const f=${json(figure)};Plotly.newPlot("figure",f.data||[],f.layout||{},Object.assign({},f.config,{responsive:true,displaylogo:false})).then(p=>f.frames&&Plotly.addFrames(p,f.frames)).catch(${showError});`;
  return [
    `<div id="figure" style="height:${Math.min(Math.max(Math.round(height), 100), 4000)}px"></div>`,
    script(readScript(file)),
    script(code)
  ].join('\n');
}

/**
 * @param code - what Bokeh wrote to draw itself
 * @param hosts - ids of the elements it draws into
 */
export function bokehBody(code: string, hosts: readonly string[], file: string): string {
  const wanted = [
    'bokeh-widgets',
    'bokeh-tables',
    'bokeh-gl',
    ...(/\$\$|\\\\[([]|TeX/.test(code) ? ['bokeh-mathjax'] : [])
  ];
  const files = wanted.map(name => join(dirname(file), `${name}.min.js`)).filter(path => existsSync(path));
  return [
    ...hosts.map(id => `<div id="${escapeHtml(id)}"></div>`),
    ...[file, ...files].map(path => script(readScript(path))),
    script('Bokeh.set_log_level("error");'),
    script(code)
  ].join('\n');
}

/** HTML that brings its own scripts, as it is but for roots that the guard could not watch. */
export function htmlBody(html: string): string {
  return html.toWellFormed().replace(/shadowroot/gi, '');
}

const showError =
  'e=>{const p=document.createElement("p");p.textContent="This figure cannot be drawn: "+e;document.body.prepend(p)}';

/** JSON inside a script: no character of it may end the script. */
function json(value: Json): string {
  return compact(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

function script(code: string): string {
  return `<script>${code.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--')}</script>`;
}
