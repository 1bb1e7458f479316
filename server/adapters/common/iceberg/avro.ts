import { inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { snappyUncompress } from 'hyparquet';

/** Bytes of a block, unpacked, beyond which a file is not what it says. */
const MOST_BLOCK = 256 * 1024 * 1024;

type Type = string | Type[] | { type: Type; fields?: { name: string; type: Type }[]; [name: string]: unknown };

/** Records of an Avro file by the names of their fields, types read raw: times and dates are the numbers they are stored as. */
export function readAvro(bytes: Uint8Array): Record<string, unknown>[] {
  const reader = new Reader(bytes);
  if (reader.bytes(4).toString('latin1') !== 'Obj\u0001') throw new Error('not an Avro file');
  const header = new Map<string, string>();
  for (let count = reader.count(); count !== 0; count = reader.count())
    for (; count > 0; count--) {
      const key = reader.text();
      header.set(key, reader.text());
    }
  const sync = reader.bytes(16);
  const schema = JSON.parse(header.get('avro.schema') ?? 'null') as Type;
  const names = new Map<string, Type>();
  collect(schema, names);
  const records: Record<string, unknown>[] = [];
  while (!reader.isAtEnd) {
    const count = reader.number();
    const data = unpacked(header.get('avro.codec') ?? 'null', reader.bytes(reader.number()));
    if (!reader.bytes(16).equals(sync)) throw new Error('a block does not end where it should');
    const block = new Reader(data);
    for (let left = count; left > 0; left--) records.push(value(block, schema, names) as Record<string, unknown>);
  }
  return records;
}

function unpacked(codec: string, data: Buffer): Uint8Array {
  const limit = { maxOutputLength: MOST_BLOCK };
  if (codec === 'null') return data;
  if (codec === 'deflate') return inflateRawSync(data, limit);
  if (codec === 'zstandard') return zstdDecompressSync(data, limit);
  if (codec === 'snappy') {
    // The length comes first, seven bits at a time; four bytes of a checksum last.
    let size = 0;
    for (let at = 0, shift = 0; ; at++, shift += 7) {
      const byte = data[at] ?? 0;
      size += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if (size > MOST_BLOCK) throw new Error('a block is too large');
    const output = new Uint8Array(size);
    snappyUncompress(data.subarray(0, -4), output);
    return output;
  }
  throw new Error(`packed in an unknown way: ${codec}`);
}

/** Types that are named once and used again. */
function collect(type: Type, names: Map<string, Type>): void {
  if (typeof type === 'string') return;
  if (Array.isArray(type)) {
    for (const each of type) collect(each, names);
    return;
  }
  if (typeof type['name'] === 'string') names.set(type['name'], type);
  for (const { type: inner } of type.fields ?? []) collect(inner, names);
  for (const inner of [type['items'], type['values'], type.type]) if (typeof inner === 'object') collect(inner as Type, names);
}

function value(reader: Reader, type: Type, names: ReadonlyMap<string, Type>): unknown {
  if (Array.isArray(type)) return value(reader, type[reader.number()] ?? 'null', names);
  const name = typeof type === 'string' ? type : type.type;
  if (typeof name === 'object') return value(reader, name, names);
  switch (name) {
    case 'null':
      return null;
    case 'boolean':
      return reader.bytes(1)[0] === 1;
    case 'int':
    case 'long': {
      const whole = reader.long();
      const small = Number(whole);
      return Number.isSafeInteger(small) ? small : whole;
    }
    case 'float':
      return reader.bytes(4).readFloatLE();
    case 'double':
      return reader.bytes(8).readDoubleLE();
    case 'bytes':
      return reader.bytes(reader.number());
    case 'string':
      return reader.text();
  }
  const full = typeof type === 'string' ? names.get(type) : type;
  if (full === undefined || typeof full === 'string' || Array.isArray(full)) throw new Error(`unknown type ${name}`);
  switch (full.type) {
    case 'fixed':
      return reader.bytes(Number(full['size']));
    case 'enum':
      return (full['symbols'] as string[])[reader.number()];
    case 'record':
      return Object.fromEntries((full.fields ?? []).map(each => [each.name, value(reader, each.type, names)]));
    case 'array':
      return [...items(reader, () => value(reader, full['items'] as Type, names))];
    case 'map':
      return Object.fromEntries(
        items(reader, (): [string, unknown] => [reader.text(), value(reader, full['values'] as Type, names)])
      );
    default:
      throw new Error(`unknown type ${name}`);
  }
}

function* items<T>(reader: Reader, read: () => T): Generator<T> {
  for (let count = reader.count(); count !== 0; count = reader.count()) for (; count > 0; count--) yield read();
}

class Reader {
  private at = 0;
  private readonly data: Buffer;

  constructor(data: Uint8Array) {
    this.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at >= this.data.length;
  }

  bytes(length: number): Buffer {
    if (length < 0 || this.at + length > this.data.length) throw new Error('it ends before its end');
    return this.data.subarray(this.at, (this.at += length));
  }

  long(): bigint {
    let whole = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes(1)[0] ?? 0;
      whole |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
      if (shift > 63n) throw new Error('a number is too long');
    }
    return (whole >> 1n) ^ -(whole & 1n);
  }

  number(): number {
    return Number(this.long());
  }

  /** How many things follow in a block of a list; where it is negative its size in bytes comes too. */
  count(): number {
    const count = this.number();
    if (count < 0) this.number();
    return Math.abs(count);
  }

  text(): string {
    return this.bytes(this.number()).toString('utf8');
  }
}
