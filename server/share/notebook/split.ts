import { createHash, hash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { PreparedBlob } from '../ports.js';
import { isObject, listAt, own, type Json, type JsonObject } from './json.js';
import type { Notebook } from './model.js';
import { isJsonMime } from './normalise.js';
import { inLines, SNAPSHOT_FORMAT, type BlobEncoding, type BlobRef } from './snapshot.js';
import { compact } from './write.js';

/** Values of more than so many bytes lie in blobs of their own. */
export const BLOB_BYTES = 16 * 1024;

/**
 * Writes a notebook as a snapshot and its blobs. Feed the cells in order with `cell`, then call `finish`.
 * The same notebook gives the same bytes.
 */
export class SnapshotWriter {
  private readonly blobs = new Map<string, PreparedBlob>();
  private descriptor: number;
  private readonly digest = createHash('sha256');
  private pending: string;
  private cells = 0;

  /**
   * @param file - the snapshot to write; must not exist
   * @param blobDirectory - made if it is not there
   */
  constructor(
    notebook: Notebook,
    file: string,
    private readonly blobDirectory: string
  ) {
    mkdirSync(blobDirectory, { recursive: true });
    this.descriptor = openSync(file, 'wx');
    const refs: BlobRef[] = [];
    const metadata = this.moved(notebook.metadata, ['widgets'], [], refs);
    this.pending = [
      `{"format":${SNAPSHOT_FORMAT},"original":${notebook.nbformat},"minor":${notebook.minor},"size":${notebook.size}`,
      `"metadata":${compact(metadata)}`,
      ...(refs.length > 0 ? [`"refs":${JSON.stringify(refs)}`] : []),
      `"rest":${compact(notebook.rest)}`,
      '"cells":['
    ].join(',\n');
  }

  cell(cell: JsonObject): void {
    const refs: BlobRef[] = [];
    const slim = this.slimCell(cell, refs);
    const lead = this.cells++ === 0 ? '\n' : ',\n';
    this.pending += `${lead}{"cell":${compact(slim)}${refs.length > 0 ? `,"refs":${JSON.stringify(refs)}` : ''}}`;
    if (this.pending.length > 256 * 1024) this.flush();
  }

  /** Ends the snapshot. Blobs come in the order of their hashes. */
  finish(): { sha256: string; blobs: PreparedBlob[] } {
    this.pending += '\n]}\n';
    this.flush();
    this.discard();
    const blobs = [...this.blobs.values()].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
    return { sha256: this.digest.digest('hex'), blobs };
  }

  /** Closes the file. Does nothing after `finish`. */
  discard(): void {
    if (this.descriptor < 0) return;
    closeSync(this.descriptor);
    this.descriptor = -1;
  }

  private flush(): void {
    const bytes = Buffer.from(this.pending);
    this.pending = '';
    this.digest.update(bytes);
    for (let written = 0; written < bytes.length;) written += writeSync(this.descriptor, bytes, written);
  }

  private slimCell(cell: JsonObject, refs: BlobRef[]): JsonObject {
    const result: JsonObject = { ...cell };
    const attachments = own(cell, 'attachments');
    if (isObject(attachments)) {
      const slim: JsonObject = { ...attachments };
      for (const [name, bundle] of Object.entries(attachments))
        if (isObject(bundle)) replace(slim, name, this.slimBundle(bundle, ['attachments', name], refs));
      result['attachments'] = slim;
    }
    if (Array.isArray(own(cell, 'outputs')))
      result['outputs'] = listAt(cell, 'outputs').map((output, index) =>
        isObject(output) ? this.slimOutput(output, ['outputs', index], refs) : output
      );
    return result;
  }

  private slimOutput(output: JsonObject, at: BlobRef['at'], refs: BlobRef[]): JsonObject {
    const result = this.moved(output, ['text', 'traceback'], at, refs);
    const data = own(output, 'data');
    if (isObject(data)) result['data'] = this.slimBundle(data, [...at, 'data'], refs);
    return result;
  }

  private slimBundle(bundle: JsonObject, at: BlobRef['at'], refs: BlobRef[]): JsonObject {
    return this.moved(bundle, Object.keys(bundle), at, refs);
  }

  /** A copy whose large members are in blobs; `null` keeps their place. */
  private moved(object: JsonObject, keys: string[], at: BlobRef['at'], refs: BlobRef[]): JsonObject {
    const result: JsonObject = { ...object };
    for (const key of keys) {
      const value = own(object, key);
      const blob = value === undefined ? undefined : encode(value, key);
      if (blob === undefined) continue;
      replace(result, key, null);
      refs.push({ at: [...at, key], sha256: this.store(blob), size: blob.bytes.length, as: blob.as });
    }
    return result;
  }

  private store({ bytes, as }: EncodedBlob): string {
    const sha256 = hash('sha256', bytes);
    if (!this.blobs.has(sha256)) {
      writeFileSync(join(this.blobDirectory, sha256), bytes);
      this.blobs.set(sha256, { sha256, size: bytes.length, compressible: !as.startsWith('base64') });
    }
    return sha256;
  }
}

interface EncodedBlob {
  bytes: Buffer;
  as: BlobEncoding;
}

/** The bytes of a value that is worth a blob, undefined for a small one. */
function encode(value: Json, key: string): EncodedBlob | undefined {
  if (typeof value === 'string') {
    if (value.length <= BLOB_BYTES) return undefined;
    const decoded = /^(image\/(?!svg)|audio\/|video\/|application\/(pdf|octet-stream)$)/.test(key)
      ? decodeBase64(value)
      : undefined;
    if (decoded) return decoded;
    if (value.isWellFormed()) return { bytes: Buffer.from(value), as: 'text' };
  } else if (typeof value !== 'object' || value === null || !(isJsonMime(key) || !key.includes('/'))) return undefined;
  const json = compact(value);
  return json.length > BLOB_BYTES ? { bytes: Buffer.from(json), as: 'json' } : undefined;
}

/** The bytes behind a base64 text, if they give back exactly that text. */
function decodeBase64(text: string): EncodedBlob | undefined {
  const bytes = Buffer.from(text, 'base64');
  const again = bytes.toString('base64');
  if (again === text) return { bytes, as: 'base64' };
  if (`${again}\n` === text) return { bytes, as: 'base64-line' };
  return inLines(again) === text ? { bytes, as: 'base64-lines' } : undefined;
}

function replace(object: JsonObject, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
