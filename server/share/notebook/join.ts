import { closeSync, openSync, writeSync } from 'node:fs';
import { isObject, listAt, own, setOwn, sortedKeys, type Json, type JsonObject } from './json.js';
import type { Notebook } from './model.js';
import { isDisplay, isLinesMime } from './normalise.js';
import { pretty } from './write.js';

/** How the id in `metadata.lakeside` is written: as it is, left out, or another one. */
export interface IdOptions {
  withoutId: boolean;
  withId?: string;
}

/**
 * Writes a notebook as Jupyter does (nbformat 4, keys sorted, texts as lines), cell by cell.
 *
 * @param file - must not exist
 * @returns the bytes written
 */
export function writeNotebook(notebook: Notebook, file: string, options: IdOptions): number {
  const descriptor = openSync(file, 'wx');
  let size = 0;
  try {
    let pending = '';
    for (const chunk of chunks(notebook, options)) {
      pending += chunk;
      if (pending.length < 256 * 1024) continue;
      size += writeAll(descriptor, pending);
      pending = '';
    }
    size += writeAll(descriptor, pending);
  } finally {
    closeSync(descriptor);
  }
  return size;
}

/** The same text in memory; for small notebooks. */
export function notebookText(notebook: Notebook, options: IdOptions = { withoutId: false }): string {
  return [...chunks(notebook, options)].join('');
}

function* chunks(notebook: Notebook, options: IdOptions): Generator<string> {
  const members: JsonObject = {
    ...notebook.rest,
    cells: null,
    metadata: withId(notebook.metadata, options),
    nbformat: 4,
    nbformat_minor: notebook.minor
  };
  let lead = '{\n ';
  for (const key of sortedKeys(members)) {
    yield `${lead}${JSON.stringify(key)}: `;
    if (key === 'cells') yield* cellChunks(notebook);
    else yield pretty(own(members, key) as Json, 1);
    lead = ',\n ';
  }
  yield '\n}\n';
}

function* cellChunks(notebook: Notebook): Generator<string> {
  if (notebook.cellCount === 0) {
    yield '[]';
    return;
  }
  for (let index = 0; index < notebook.cellCount; index++)
    yield `${index === 0 ? '[' : ','}\n  ${pretty(inLines(notebook.cell(index)), 2)}`;
  yield '\n ]';
}

function withId(metadata: JsonObject, options: IdOptions): JsonObject {
  if (!options.withoutId && options.withId === undefined) return metadata;
  const result: JsonObject = { ...metadata };
  const old = own(metadata, 'lakeside');
  const lakeside: JsonObject = isObject(old) ? { ...old } : {};
  if (options.withId === undefined) delete lakeside['id'];
  else lakeside['id'] = options.withId;
  if (Object.keys(lakeside).length === 0) delete result['lakeside'];
  else result['lakeside'] = lakeside;
  return result;
}

/** A copy of a cell whose texts are lists of lines where Jupyter writes them so. */
function inLines(cell: JsonObject): JsonObject {
  const result = linesAt(cell, key => key === 'source');
  const attachments = own(cell, 'attachments');
  if (isObject(attachments)) {
    const split: JsonObject = {};
    for (const [name, bundle] of Object.entries(attachments))
      setOwn(split, name, isObject(bundle) ? linesAt(bundle, isLinesMime) : bundle);
    result['attachments'] = split;
  }
  if (own(cell, 'cell_type') === 'code' && Array.isArray(own(cell, 'outputs')))
    result['outputs'] = listAt(cell, 'outputs').map(output => (isObject(output) ? outputInLines(output) : output));
  return result;
}

function outputInLines(output: JsonObject): JsonObject {
  if (own(output, 'output_type') === 'stream') return linesAt(output, key => key === 'text');
  const data = own(output, 'data');
  return isDisplay(output) && isObject(data) ? { ...output, data: linesAt(data, isLinesMime) } : output;
}

function linesAt(object: JsonObject, chosen: (key: string) => boolean): JsonObject {
  const result: JsonObject = { ...object };
  for (const [key, value] of Object.entries(object))
    if (typeof value === 'string' && chosen(key)) setOwn(result, key, splitLines(value));
  return result;
}

/** What ends a line for Python's `splitlines`, as a character class. */
const BREAKS = String.raw`\n\r\v\f\x1c-\x1e\x85\u2028\u2029`;
const LINE = new RegExp(`[^${BREAKS}]*(?:\\r\\n|[${BREAKS}])|[^${BREAKS}]+$`, 'g');

/** The lines of a text with their ends, where Python's `splitlines` sees them. */
export function splitLines(text: string): string[] {
  return text.match(LINE) ?? [];
}

function writeAll(descriptor: number, text: string): number {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
  return bytes.length;
}
