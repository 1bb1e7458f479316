import { createHash, type Hash } from 'node:crypto';
import { NumberText, own, sortedKeys, type Json, type JsonObject } from './json.js';
import type { Notebook } from './model.js';

/**
 * The content hash of a notebook: SHA-256 over cells and metadata, without `metadata.lakeside`.
 * It does not change with the order of keys, with texts stored as lines or as one, or with how a number is written.
 * Feed the cells in order with `cell`, then take `digest`.
 */
export class ContentHash {
  private readonly sink: Sink;

  constructor(notebook: Pick<Notebook, 'metadata' | 'minor' | 'rest'>) {
    this.sink = new Sink(createHash('sha256').update('lakeside notebook 1\n'));
    const metadata: JsonObject = { ...notebook.metadata };
    delete metadata['lakeside'];
    feed(this.sink, metadata);
    feed(this.sink, notebook.minor);
    feed(this.sink, notebook.rest);
  }

  cell(cell: JsonObject): void {
    feed(this.sink, cell);
  }

  /** The hash in lower-case hex. Ends the feeding. */
  digest(): string {
    return this.sink.digest();
  }
}

/** The hash of one value by the same rules. */
export function hashOf(value: Json): string {
  const sink = new Sink(createHash('sha256'));
  feed(sink, value);
  return sink.digest();
}

/** Collects small writes, because each call into the hash costs more than the hashing. */
class Sink {
  private waiting = '';

  constructor(private readonly hash: Hash) {}

  push(text: string): void {
    if (text.length > 4096) {
      this.flush();
      this.hash.update(text);
      return;
    }
    this.waiting += text;
    if (this.waiting.length > 16_384) this.flush();
  }

  digest(): string {
    this.flush();
    return this.hash.digest('hex');
  }

  private flush(): void {
    if (this.waiting === '') return;
    this.hash.update(this.waiting);
    this.waiting = '';
  }
}

/** Every value says its kind and its end, so different values never feed the same bytes. */
function feed(sink: Sink, value: Json): void {
  if (typeof value === 'string') feedText(sink, value);
  else if (typeof value === 'number') sink.push(`d${value};`);
  else if (value === null || typeof value === 'boolean') sink.push(`${String(value)};`);
  else if (value instanceof NumberText) sink.push(`d${numberText(value.text)};`);
  else if (Array.isArray(value)) {
    sink.push('[');
    for (const item of value) feed(sink, item);
    sink.push(']');
  } else {
    sink.push('{');
    for (const key of sortedKeys(value)) {
      feedText(sink, key);
      feed(sink, own(value, key) as Json);
    }
    sink.push('}');
  }
}

function feedText(sink: Sink, text: string): void {
  // Half a surrogate pair has no UTF-8: escaped, it stays different from other halves.
  const safe = text.isWellFormed() ? text : JSON.stringify(text);
  sink.push(`${safe === text ? 's' : 'e'}${safe.length}:`);
  sink.push(safe);
}

/** `1.0`, `1e0` and `1` are one number; whole numbers beyond 2^53 keep their digits. */
function numberText(text: string): string {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(value)) return text;
  return String(value);
}
