import type { FindingPart } from '../../../contract/share/index.js';
import { isObject, listAt, own, setOwn, type Json, type JsonObject } from '../notebook/json.js';
import { cellSource, cellType } from '../notebook/model.js';
import type { Part, TextKind } from './types.js';

/** Cells that begin so hold a file or a program of another kind, in which values stand without quotes. */
const FILE_MAGIC = /^\s*%%(?:bash|sh|zsh|script|writefile|file|system|cmd|powershell|sql|env)\b/;

/** Members of a cell that are looked at as what they are; `id` and counts hold nothing. */
const KNOWN_OF_CELL = new Set(['id', 'cell_type', 'source', 'outputs', 'attachments', 'metadata', 'execution_count']);
const KNOWN_OF_OUTPUT = new Set(['output_type', 'execution_count', 'name']);

/** Every text of a cell that is looked at, in the order of the notebook. Replacing one changes the cell itself. */
export function partsOfCell(cell: JsonObject): Part[] {
  const parts: Part[] = [];
  const source = cellSource(cell);
  const isProse = cellType(cell) === 'markdown';
  const kind = isProse ? 'prose' : FILE_MAGIC.test(source) ? 'output' : 'code';
  parts.push({ part: 'source', place: 'source', kind, text: source, replace: text => setOwn(cell, 'source', text) });
  listAt(cell, 'outputs').forEach((output, index) => {
    if (isObject(output)) partsOfOutput(output, `outputs.${index}`, parts);
  });
  member(cell, 'attachments', { part: 'attachment', place: 'attachments', kind: 'output' }, parts);
  member(cell, 'metadata', { part: 'metadata', place: 'metadata', kind: 'value' }, parts);
  for (const key of Object.keys(cell))
    if (!KNOWN_OF_CELL.has(key)) member(cell, key, { part: 'metadata', place: key, kind: 'value' }, parts);
  return parts;
}

/** Every text beside the cells: the metadata of the notebook and what else it holds. */
export function partsOfNotebook(notebook: { metadata: JsonObject; rest: JsonObject }): Part[] {
  const parts: Part[] = [];
  walk(notebook.metadata, { part: 'metadata', place: 'metadata', kind: 'value' }, parts);
  for (const key of Object.keys(notebook.rest))
    member(notebook.rest, key, { part: 'metadata', place: key, kind: 'value' }, parts);
  return parts;
}

function partsOfOutput(output: JsonObject, place: string, parts: Part[]): void {
  const part: FindingPart = own(output, 'output_type') === 'error' ? 'traceback' : 'output';
  for (const key of Object.keys(output)) {
    if (!KNOWN_OF_OUTPUT.has(key)) member(output, key, { part, place: `${place}.${key}`, kind: 'output' }, parts);
  }
}

interface Where {
  part: FindingPart;
  place: string;
  kind: TextKind;
}

/** The texts of a member of an object. One whose value is a text is the value of its key. */
function member(holder: JsonObject, key: string, where: Where, parts: Part[]): void {
  const value = own(holder, key);
  if (typeof value === 'string') {
    parts.push({ ...where, text: value, key: nameOf(holder, key), replace: text => setOwn(holder, key, text) });
  } else if (value !== undefined) walk(value, where, parts);
}

function walk(value: Json, where: Where, parts: Part[]): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      if (typeof item === 'string') parts.push({ ...where, text: item, replace: text => void (value[index] = text) });
      else if (typeof item === 'object') walk(item, { ...where, place: `${where.place}.${index}` }, parts);
    });
    return;
  }
  if (value === null || !isObject(value)) return;
  for (const key of Object.keys(value)) {
    if (key.length >= SHORTEST_KEY) parts.push(keyPart(value, key, where));
    member(value, key, { ...where, place: `${where.place}.${placeName(key)}` }, parts);
  }
}

/** Shorter names of members cannot hold a secret that would be found without its name. */
const SHORTEST_KEY = 16;

/** The name of a member as a text: names of attachments and keys of JSON are foreign too. */
function keyPart(holder: JsonObject, key: string, where: Where): Part {
  return {
    ...where,
    text: key,
    replace: text => {
      const value = own(holder, key);
      if (value === undefined) return;
      Reflect.deleteProperty(holder, key);
      let free = text;
      for (let count = 2; Object.hasOwn(holder, free); count++) free = `${text} ${count}`;
      setOwn(holder, free, value);
    }
  };
}

/** The field of a password widget is called `value`; what it is, its model says. */
function nameOf(holder: JsonObject, key: string): string {
  if (key !== 'value') return key;
  return own(holder, '_model_name') === 'PasswordModel' || own(holder, '_view_name') === 'PasswordView'
    ? 'password'
    : key;
}

/** A key as it is shown in a place: short, without anything that could be a secret. */
function placeName(key: string): string {
  return key.replace(/[^\w/+.-]/g, '_').slice(0, 40);
}
