/**
 * Thrift's binary protocol, as far as the metastore needs it: calls with texts, numbers, lists and structs, and answers
 * whose fields are known by their numbers.
 */

/** A struct by the numbers of its fields. Maps are maps, lists are arrays, whole numbers of 64 bits are bigints. */
export type Struct = Map<number, unknown>;

/** An argument: its number, and its value. */
export type Argument = [id: number, value: ArgumentValue];
type ArgumentValue =
  | string
  | { i16: number }
  | { bool: boolean }
  /** A list of structs; the number of each counts for nothing. */
  | { structs: readonly Argument[] }
  | { texts: Readonly<Record<string, string>> }
  | readonly string[]
  | readonly Argument[];

const T = {
  stop: 0,
  bool: 2,
  byte: 3,
  double: 4,
  i16: 6,
  i32: 8,
  i64: 10,
  text: 11,
  struct: 12,
  map: 13,
  set: 14,
  list: 15
};
const VERSION = 0x8001;
const CALL = 1;
const EXCEPTION = 3;

/** Things in a list, and bytes of a text, beyond which an answer is none of a metastore. */
const MOST = 50_000_000;
const DEEPEST = 32;

/** The server does not know the method, or cannot read the question. */
export class UnknownMethod extends Error {}

/** Bytes that are no answer in this protocol. */
export class NotThrift extends Error {}

export function encodeCall(method: string, sequence: number, args: readonly Argument[]): Buffer {
  const parts = [u16(VERSION), u16(CALL), text(method), i32(sequence), struct(args)];
  return Buffer.concat(parts);
}

function struct(fields: readonly Argument[]): Buffer {
  const parts = fields.map(([id, value]) => {
    if (typeof value === 'string') return [field(T.text, id), text(value)];
    if ('i16' in value) return [field(T.i16, id), u16(value.i16 & 0xffff)];
    if ('bool' in value) return [field(T.bool, id), Buffer.from([value.bool ? 1 : 0])];
    if ('structs' in value) {
      const each = value.structs.map(([, inner]) => struct(inner as readonly Argument[]));
      return [field(T.list, id), Buffer.from([T.struct]), i32(each.length), ...each];
    }
    if ('texts' in value) {
      const pairs = Object.entries(value.texts);
      return [field(T.map, id), Buffer.from([T.text, T.text]), i32(pairs.length), ...pairs.flat().map(text)];
    }
    if (isTexts(value)) return [field(T.list, id), Buffer.from([T.text]), i32(value.length), ...value.map(text)];
    return [field(T.struct, id), struct(value)];
  });
  return Buffer.concat([...parts.flat(), Buffer.from([T.stop])]);
}

function isTexts(value: readonly string[] | readonly Argument[]): value is readonly string[] {
  return typeof value[0] === 'string' || value.length === 0;
}

function field(type: number, id: number): Buffer {
  return Buffer.concat([Buffer.from([type]), u16(id)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([i32(bytes.length), bytes]);
}

type Reading<T> = Generator<undefined, T, undefined>;

/** Reads one answer from pieces of bytes. */
export class AnswerReader {
  private pieces: Buffer[] = [];
  private data = Buffer.alloc(0);
  private at = 0;
  private waiting = 0;
  private readonly reading = this.answer();

  /** @returns the fields of the answer once it is whole. @throws UnknownMethod, NotThrift */
  take(piece: Buffer): Struct | undefined {
    this.pieces.push(piece);
    this.waiting += piece.length;
    const { done, value } = this.reading.next();
    return done ? value : undefined;
  }

  private *need(length: number): Reading<void> {
    if (length < 0 || length > MOST) throw new NotThrift('a length that cannot be');
    while (this.data.length - this.at < length) {
      // Pieces are joined when there are enough of them, not each time one comes.
      while (this.data.length - this.at + this.waiting < length || this.waiting === 0) yield;
      this.data = Buffer.concat([this.data.subarray(this.at), ...this.pieces]);
      this.pieces = [];
      this.at = this.waiting = 0;
    }
  }

  private *number(size: 1 | 2 | 4): Reading<number> {
    yield* this.need(size);
    const value = this.data.readIntBE(this.at, size);
    this.at += size;
    return value;
  }

  private *length(): Reading<number> {
    const length = yield* this.number(4);
    if (length < 0 || length > MOST) throw new NotThrift('a length that cannot be');
    return length;
  }

  private *text(): Reading<string> {
    const length = yield* this.length();
    yield* this.need(length);
    return this.data.toString('utf8', this.at, (this.at += length));
  }

  private *answer(): Reading<Struct> {
    yield* this.need(0);
    const [version, , kind] = [yield* this.number(2), yield* this.number(1), yield* this.number(1)];
    if ((version & 0xffff) !== VERSION) throw new NotThrift('it does not begin as an answer');
    yield* this.text();
    yield* this.number(4);
    const fields = yield* this.struct(0);
    if (kind === EXCEPTION) throw new UnknownMethod(asText(fields.get(1)));
    return fields;
  }

  private *struct(depth: number): Reading<Struct> {
    const fields: Struct = new Map();
    for (;;) {
      const type = yield* this.number(1);
      if (type === T.stop) return fields;
      const id = yield* this.number(2);
      fields.set(id, yield* this.value(type, depth + 1));
    }
  }

  private *value(type: number, depth: number): Reading<unknown> {
    if (depth > DEEPEST) throw new NotThrift('it is nested too deeply');
    switch (type) {
      case T.bool:
        return (yield* this.number(1)) === 1;
      case T.byte:
        return yield* this.number(1);
      case T.i16:
        return yield* this.number(2);
      case T.i32:
        return yield* this.number(4);
      case T.i64:
      case T.double: {
        yield* this.need(8);
        const value = type === T.i64 ? this.data.readBigInt64BE(this.at) : this.data.readDoubleBE(this.at);
        this.at += 8;
        return value;
      }
      case T.text:
        return yield* this.text();
      case T.struct:
        return yield* this.struct(depth);
      case T.map:
        return yield* this.map(depth);
      case T.list:
      case T.set:
        return yield* this.list(depth);
      default:
        throw new NotThrift('a type that cannot be');
    }
  }

  private *map(depth: number): Reading<Map<unknown, unknown>> {
    const [key, value] = [yield* this.number(1), yield* this.number(1)];
    const found = new Map<unknown, unknown>();
    for (let left = yield* this.length(); left > 0; left--)
      found.set(yield* this.value(key, depth + 1), yield* this.value(value, depth + 1));
    return found;
  }

  private *list(depth: number): Reading<unknown[]> {
    const type = yield* this.number(1);
    const found: unknown[] = [];
    for (let left = yield* this.length(); left > 0; left--) found.push(yield* this.value(type, depth + 1));
    return found;
  }
}

/** A field that is a text; empty where it is not. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asStruct(value: unknown): Struct {
  return value instanceof Map ? (value as Struct) : new Map<number, unknown>();
}

/** Parameters, as the metastore keeps them. */
export function asTexts(value: unknown): ReadonlyMap<string, string> {
  return value instanceof Map ? (value as Map<string, string>) : new Map();
}
