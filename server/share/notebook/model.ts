import { isObject, listAt, numberOf, own, stringAt, textOf, type Json, type JsonObject } from './json.js';

/**
 * A notebook in the shape of nbformat 4, whatever it was written in. Cells are parsed when they are asked for and not
 * kept, so going through a large notebook costs the memory of one cell.
 */
export interface Notebook {
  /** The format it was written in: 3 or 4. */
  readonly nbformat: number;
  /** The minor version it is written with as nbformat 4. */
  readonly minor: number;
  /** Bytes of the file. */
  readonly size: number;
  readonly metadata: JsonObject;
  /** What else stands beside `cells` and `metadata`, unknown to the format. */
  readonly rest: JsonObject;
  readonly cellCount: number;
  /** The cell at a position from 0, texts joined. @throws ProblemError `not-a-notebook` */
  cell(index: number): JsonObject;
  /** What was mended as a whole ("It was converted from nbformat 3"). */
  readonly notes: readonly string[];
}

export type CellType = 'markdown' | 'code' | 'raw';

/** What kind of cell this is; unknown kinds are shown as raw text. */
export function cellType(cell: JsonObject): CellType {
  const type = own(cell, 'cell_type');
  return type === 'markdown' || type === 'code' ? type : 'raw';
}

export function cellSource(cell: JsonObject): string {
  return textOf(own(cell, 'source'));
}

/** The id of a cell, where it has a usable one. */
export function cellId(cell: JsonObject): string | undefined {
  const id = stringAt(cell, 'id');
  return id === undefined || id === '' ? undefined : id;
}

/** The outputs of a cell that are objects, with their position in the list. */
export function cellOutputs(cell: JsonObject): { index: number; output: JsonObject }[] {
  return listAt(cell, 'outputs').flatMap((output, index) => (isObject(output) ? [{ index, output }] : []));
}

export function executionCount(value: Json | undefined): number | undefined {
  const count = numberOf(value);
  return count !== undefined && Number.isInteger(count) && count >= 0 ? count : undefined;
}

/** Name and language of the kernel, as far as the metadata say. Names are cut at 200 characters. */
export function kernelOf(metadata: JsonObject): {
  name: string | undefined;
  displayName: string | undefined;
  language: string | undefined;
  languageVersion: string | undefined;
} {
  const spec = own(metadata, 'kernelspec');
  const info = own(metadata, 'language_info');
  const kernel = isObject(spec) ? spec : {};
  const language = isObject(info) ? info : {};
  return {
    name: short(stringAt(kernel, 'name')),
    displayName: short(stringAt(kernel, 'display_name')),
    language: short(stringAt(language, 'name') ?? stringAt(kernel, 'language'), 100),
    languageVersion: short(stringAt(language, 'version'), 100)
  };
}

function short(text: string | undefined, max = 200): string | undefined {
  const trimmed = text?.toWellFormed().trim();
  return trimmed === undefined || trimmed === '' ? undefined : trimmed.slice(0, max).toWellFormed();
}
