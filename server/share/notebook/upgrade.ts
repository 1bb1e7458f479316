import { isObject, listAt, numberOf, own, setOwn, stringAt, textOf, type Json, type JsonObject } from './json.js';

/** The short names of nbformat 3 for media types. */
const MIME: Record<string, string> = {
  text: 'text/plain',
  html: 'text/html',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpeg: 'image/jpeg',
  latex: 'text/latex',
  json: 'application/json',
  javascript: 'application/javascript'
};

/** Turns a cell of nbformat 3 into one of nbformat 4. Anything unknown is kept as it is. */
export function upgradeCell(old: JsonObject): JsonObject {
  const cell: JsonObject = { metadata: {} };
  for (const [key, value] of Object.entries(old)) setOwn(cell, key, value);
  const metadata: JsonObject = isObject(cell['metadata']) ? cell['metadata'] : {};
  cell['metadata'] = metadata;
  const type = stringAt(old, 'cell_type');
  if (type === 'code') {
    if (Object.hasOwn(cell, 'collapsed')) metadata['collapsed'] = cell['collapsed'] as Json;
    cell['source'] = own(old, 'input') ?? own(old, 'source') ?? '';
    cell['execution_count'] = own(old, 'prompt_number') ?? null;
    cell['outputs'] = listAt(old, 'outputs').map(output => (isObject(output) ? upgradeOutput(output) : output));
    for (const gone of ['language', 'collapsed', 'input', 'prompt_number']) Reflect.deleteProperty(cell, gone);
  } else if (type === 'heading') {
    const level = Math.min(Math.max(Math.trunc(numberOf(own(old, 'level')) ?? 1) || 1, 1), 6);
    cell['cell_type'] = 'markdown';
    cell['source'] = `${'#'.repeat(level)} ${textOf(own(old, 'source'))
      .split(/\r\n|\r|\n/)
      .join(' ')}`;
    delete cell['level'];
  } else if (type === 'html') cell['cell_type'] = 'markdown';
  return cell;
}

function upgradeOutput(old: JsonObject): JsonObject {
  const type = stringAt(old, 'output_type');
  if (type === 'pyout' || type === 'display_data') return upgradeDisplay(old, type === 'pyout');
  const output: JsonObject = {};
  for (const [key, value] of Object.entries(old)) setOwn(output, key, value);
  if (type === 'pyerr') output['output_type'] = 'error';
  else if (type === 'stream') {
    output['name'] = own(old, 'stream') ?? 'stdout';
    delete output['stream'];
  }
  return output;
}

function upgradeDisplay(old: JsonObject, result: boolean): JsonObject {
  const data: JsonObject = {};
  const output: JsonObject = { output_type: result ? 'execute_result' : 'display_data', metadata: {}, data };
  if (result) output['execution_count'] = own(old, 'prompt_number') ?? null;
  for (const [key, value] of Object.entries(old)) {
    if (key === 'output_type' || key === 'prompt_number') continue;
    if (key === 'metadata') output['metadata'] = isObject(value) ? renamed(value) : {};
    else setOwn(data, mimeOf(key), key === 'json' ? jsonOf(value) : value);
  }
  return output;
}

function renamed(metadata: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(metadata)) setOwn(result, mimeOf(key), value);
  return result;
}

function mimeOf(key: string): string {
  return Object.hasOwn(MIME, key) ? (MIME[key] as string) : key;
}

/** nbformat 3 keeps JSON as a text. */
function jsonOf(value: Json): Json {
  const text = textOf(value);
  if (text === '') return value;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return value;
  }
}
