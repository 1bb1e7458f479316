/**
 * Finds the parts of a notebook file without parsing them: a cell is parsed when it is needed and forgotten afterwards,
 * so that a large notebook costs little more memory than its bytes.
 */

/** One JSON value in the file, as a range of bytes. */
export interface Piece {
  start: number;
  end: number;
  /** True where JavaScript's own parser would change a number (or stumble over `NaN`). */
  odd: boolean;
}

export interface NotebookIndex {
  /** The members of the outermost object but `cells`; of repeated names the last one counts. */
  members: Map<string, Piece>;
  /** The elements of `cells`, undefined where there is none. */
  cells: Piece[] | undefined;
}

/** Why a file could not be scanned, and where. */
export class ScanFault extends Error {
  constructor(
    readonly kind: 'syntax' | 'cut-off' | 'too-deep' | 'not-an-object' | 'cells-no-list',
    /** Offset in bytes. */
    readonly offset: number,
    /** The part it is in: `cells.14`, `metadata`, or empty. */
    readonly place: string,
    /** The value in which it happened, for a closer look. */
    readonly piece?: { start: number; end: number }
  ) {
    super(kind);
  }
}

/** Deeper nesting is refused. Jupyter itself reads less than a thousand levels. */
export const MAX_DEPTH = 500;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Bytes that go on with a number or a word such as `true`. */
const WORD = new Uint8Array(256);
for (const char of '+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz') WORD[char.charCodeAt(0)] = 1;

/** Indexes a notebook file. @throws ScanFault */
export function scan(bytes: Uint8Array): NotebookIndex {
  return new Scanner(bytes).notebook();
}

class Scanner {
  private position = 0;
  private odd = false;
  private place = '';

  constructor(private readonly bytes: Uint8Array) {}

  notebook(): NotebookIndex {
    const index: NotebookIndex = { members: new Map(), cells: undefined };
    if (this.next() !== OPEN_BRACE) throw this.fault(this.atEnd() ? 'cut-off' : 'not-an-object');
    this.position++;
    this.sequence(CLOSE_BRACE, () => {
      const key = this.key();
      this.place = key;
      if (key === 'cells') index.cells = this.cells();
      else index.members.set(key, this.value());
      this.place = '';
    });
    this.next();
    if (!this.atEnd()) throw this.fault('syntax');
    return index;
  }

  private cells(): Piece[] {
    if (this.next() !== OPEN_BRACKET) throw this.fault(this.atEnd() ? 'cut-off' : 'cells-no-list');
    this.position++;
    const cells: Piece[] = [];
    this.sequence(CLOSE_BRACKET, () => {
      this.place = `cells.${cells.length}`;
      cells.push(this.value());
    });
    return cells;
  }

  /** Walks what stands between commas up to the closing character, which is consumed. */
  private sequence(close: number, item: () => void): void {
    if (this.next() === close) {
      this.position++;
      return;
    }
    for (;;) {
      item();
      const after = this.next();
      this.position++;
      if (after === close) return;
      if (after !== COMMA) {
        this.position--;
        throw this.fault(this.atEnd() ? 'cut-off' : 'syntax');
      }
    }
  }

  private key(): string {
    if (this.next() !== QUOTE) throw this.fault(this.atEnd() ? 'cut-off' : 'syntax');
    const start = this.position;
    this.position = this.afterString(start);
    const text = Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, this.position - start).toString('utf8');
    const key = parseKey(text);
    if (key === undefined || this.next() !== COLON) throw this.fault(this.atEnd() ? 'cut-off' : 'syntax');
    this.position++;
    return key;
  }

  private value(): Piece {
    const first = this.next();
    const start = this.position;
    this.odd = false;
    if (first === QUOTE) this.position = this.afterString(start);
    else if (first === OPEN_BRACE || first === OPEN_BRACKET) this.position = this.afterNested(start);
    else if (this.atEnd()) throw this.fault('cut-off');
    else {
      this.position = this.afterWord(start);
      if (this.position === start) throw this.fault('syntax');
    }
    return { start, end: this.position, odd: this.odd };
  }

  /** The end of an object or a list. Brackets are only counted: the parser checks the rest. */
  private afterNested(start: number): number {
    const { bytes } = this;
    const length = bytes.length;
    let depth = 0;
    let position = start;
    while (position < length) {
      const byte = bytes[position] as number;
      if (byte === QUOTE) {
        position = this.afterString(position, start);
        continue;
      }
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (++depth > MAX_DEPTH - 2) throw this.fault('too-deep', start, position);
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (--depth === 0) return position + 1;
      } else if (WORD[byte] === 1) {
        position = this.afterWord(position);
        continue;
      }
      position++;
    }
    throw this.fault('cut-off', start, length);
  }

  private afterString(start: number, piece = start): number {
    const { bytes } = this;
    let position = start + 1;
    // Keys and words end soon; a picture is crossed faster by the native search.
    for (let end = Math.min(position + 48, bytes.length); position < end; position++) {
      const byte = bytes[position];
      if (byte === QUOTE) return position + 1;
      if (byte === BACKSLASH) position++;
    }
    for (;;) {
      const quote = bytes.indexOf(QUOTE, position);
      if (quote < 0) throw this.fault('cut-off', piece, bytes.length);
      let slashes = quote - 1;
      while (slashes >= position && bytes[slashes] === BACKSLASH) slashes--;
      if ((quote - 1 - slashes) % 2 === 0) return quote + 1;
      position = quote + 1;
    }
  }

  /** The end of a number or word; notes numbers whose text JavaScript would not give back. */
  private afterWord(start: number): number {
    const { bytes } = this;
    let position = start;
    let plain = true;
    while (WORD[bytes[position] as number] === 1) {
      const byte = bytes[position++] as number;
      if (byte === 0x45 || byte === 0x65 || byte === 0x4e || byte === 0x49) plain = false;
    }
    const length = position - start;
    if (length > 15 || !plain || (length > 1 && isTrimmable(bytes, start, position))) this.odd ||= isOdd(bytes, start);
    return position;
  }

  private next(): number {
    const { bytes } = this;
    for (;;) {
      const byte = bytes[this.position];
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) this.position++;
      else return byte ?? -1;
    }
  }

  private atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  private fault(kind: ScanFault['kind'], start?: number, offset = this.position): ScanFault {
    const piece = start === undefined ? undefined : { start, end: this.bytes.length };
    return new ScanFault(kind, Math.min(offset, this.bytes.length), this.place, piece);
  }
}

/** `-0`, or a number that ends in `0` after a point: JavaScript would write it shorter. */
function isTrimmable(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[end - 1] !== 0x30) return false;
  return (bytes[start] === 0x2d && end - start === 2) || bytes.subarray(start, end).includes(0x2e);
}

/** Words such as `true`, `false` and `null` hold an `e` too, or are no numbers at all. */
function isOdd(bytes: Uint8Array, start: number): boolean {
  const first = bytes[start] as number;
  return first !== 0x74 && first !== 0x66 && first !== 0x6e;
}

function parseKey(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}
