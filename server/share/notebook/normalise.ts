import { isListOfStrings, isObject, listAt, own, type JsonObject } from './json.js';

/** Media types whose value is JSON; a list there is a list, never the lines of a text. */
export function isJsonMime(mime: string): boolean {
  return mime === 'application/json' || (mime.startsWith('application/') && mime.endsWith('+json'));
}

/** Media types that Jupyter stores as lines. */
export function isLinesMime(mime: string): boolean {
  return mime.startsWith('text/') || mime === 'application/javascript' || mime === 'image/svg+xml';
}

/** True for outputs that carry a bundle of media types in `data`. */
export function isDisplay(output: JsonObject): boolean {
  const type = own(output, 'output_type');
  return type === 'execute_result' || type === 'display_data';
}

/** Joins texts that are stored as lines and removes what Jupyter itself never keeps, in place. */
export function normaliseCell(cell: JsonObject): JsonObject {
  join(cell, 'source');
  for (const attachment of Object.values(attachmentsOf(cell))) if (isObject(attachment)) joinBundle(attachment);
  // Jupyter joins the outputs of code cells alone; elsewhere they should not be.
  const outputs = own(cell, 'cell_type') === 'code' ? listAt(cell, 'outputs') : [];
  for (const output of outputs) {
    if (!isObject(output)) continue;
    const data = own(output, 'data');
    if (isDisplay(output)) {
      if (isObject(data)) joinBundle(data);
    } else join(output, 'text');
  }
  const metadata = own(cell, 'metadata');
  if (isObject(metadata)) delete metadata['trusted'];
  return cell;
}

/** Removes the marks that Jupyter keeps in memory only, in place. */
export function normaliseMetadata(metadata: JsonObject): JsonObject {
  for (const key of ['signature', 'orig_nbformat', 'orig_nbformat_minor']) Reflect.deleteProperty(metadata, key);
  return metadata;
}

function attachmentsOf(cell: JsonObject): JsonObject {
  const attachments = own(cell, 'attachments');
  return isObject(attachments) ? attachments : {};
}

function joinBundle(bundle: JsonObject): void {
  for (const mime of Object.keys(bundle)) if (!isJsonMime(mime)) join(bundle, mime);
}

function join(object: JsonObject, key: string): void {
  const value = own(object, key);
  if (isListOfStrings(value)) object[key] = value.join('');
}
