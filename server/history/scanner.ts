/** A place in a file where something of interest begins or ends. Bytes from the beginning. */
export interface Mark {
  at: number;
  what: 'cell' | 'cell-end' | 'output' | 'output-end';
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Depths of what is looked for: the root's keys, a cell, a cell's keys, an output. */
const ROOT = 1;
const CELL = 3;
const OUTPUT = 5;

/** Longest key that is remembered; "outputs" is the longest of interest. */
const KEY = 8;

/** Most marks of a file; one with more is kept without being split at its cells. */
const MOST = 400_000;

/**
 * Finds the cells of a notebook and their outputs in the bytes of its file, without parsing it: it follows brackets
 * and strings only. Fed piece by piece; memory is bounded, whatever the file holds.
 */
export class Scanner {
  /** Takes the next bytes of the file. */
  feed(bytes: Buffer): void {
    for (let i = 0; i < bytes.length; i++) {
      if (this.#isInString) i = this.#string(bytes, i);
      else this.#byte(bytes[i] ?? 0, this.#offset + i);
    }
    this.#offset += bytes.length;
  }

  /** All marks in order; undefined where the file is not one JSON object with a list of cells. */
  marks(): Mark[] | undefined {
    const isWhole = this.#depth === 0 && !this.#isInString && this.#hasCells && !this.#isBroken;
    return isWhole ? this.#marks : undefined;
  }

  /** Goes to the end of a string, or of the bytes. @returns the last place it looked at */
  #string(bytes: Buffer, from: number): number {
    for (let i = from; ;) {
      const quote = bytes.indexOf(QUOTE, i);
      const end = quote < 0 ? bytes.length : quote;
      if (this.#wantsKey && this.#key.length < KEY) this.#key += bytes.toString('latin1', i, Math.min(end, i + KEY));
      let backslashes = 0;
      let k = end - 1;
      for (; k >= i && bytes[k] === BACKSLASH; k--) backslashes++;
      if (k < i) backslashes += this.#tail;
      this.#tail = 0;
      if (quote < 0) {
        this.#tail = backslashes & 1;
        return bytes.length;
      }
      if ((backslashes & 1) === 0) {
        this.#isInString = false;
        return quote;
      }
      i = quote + 1;
      if (i >= bytes.length) return bytes.length;
    }
  }

  #byte(byte: number, at: number): void {
    switch (byte) {
      case QUOTE:
        this.#isInString = true;
        this.#key = '';
        this.#wantsKey = this.#isKey && (this.#depth === ROOT || this.#depth === CELL);
        return;
      case 0x3a: // :
        this.#isKey = false;
        if (this.#depth === ROOT) this.#rootKey = this.#key;
        else if (this.#depth === CELL) this.#cellKey = this.#key;
        return;
      case 0x2c: // ,
        this.#isKey = true;
        return;
      case 0x7b: // {
        this.#open(at, true);
        this.#isKey = true;
        return;
      case 0x5b: // [
        this.#open(at, false);
        return;
      case 0x7d: // }
      case 0x5d: // ]
        this.#close(at);
        return;
    }
  }

  #open(at: number, isObject: boolean): void {
    const depth = ++this.#depth;
    if (depth === ROOT && (!isObject || this.#hasEnded)) this.#isBroken = true;
    else if (depth === ROOT + 1 && this.#rootKey === 'cells' && !isObject) {
      // A key that is there twice: which one counts is for a parser to say.
      if (this.#hasCells) this.#isBroken = true;
      this.#hasCells = true;
      this.#isInCells = true;
    } else if (depth === CELL && this.#isInCells) {
      this.#mark(at, 'cell');
      this.#cellKey = '';
    } else if (depth === CELL + 1 && this.#isInCells) {
      this.#isInOutputs = this.#cellKey === 'outputs' && !isObject;
    } else if (depth === OUTPUT && this.#isInOutputs) {
      this.#mark(at, 'output');
    }
  }

  #close(at: number): void {
    const depth = this.#depth--;
    if (depth === OUTPUT && this.#isInOutputs) this.#mark(at + 1, 'output-end');
    else if (depth === CELL + 1) this.#isInOutputs = false;
    else if (depth === CELL && this.#isInCells) this.#mark(at + 1, 'cell-end');
    else if (depth === ROOT + 1) {
      this.#isInCells = false;
      this.#rootKey = '';
    } else if (depth === ROOT) this.#hasEnded = true;
    else if (depth < ROOT) this.#isBroken = true;
    this.#isKey = false;
  }

  #mark(at: number, what: Mark['what']): void {
    if (this.#marks.length < MOST) this.#marks.push({ at, what });
    else this.#isBroken = true;
  }

  readonly #marks: Mark[] = [];
  #offset = 0;
  #depth = 0;
  #isInString = false;
  /** 1 where the bytes so far end in a string with an odd number of backslashes. */
  #tail = 0;
  /** Whether a string that begins now is a key, where it stands in an object. */
  #isKey = false;
  #wantsKey = false;
  #key = '';
  #rootKey = '';
  #cellKey = '';
  #isInCells = false;
  #isInOutputs = false;
  #hasCells = false;
  #hasEnded = false;
  #isBroken = false;
}
