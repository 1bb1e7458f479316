import { NumberText, setOwn, type Json, type JsonObject } from './json.js';
import { MAX_DEPTH } from './scan.js';

/** Where and why a text is not JSON. */
export class ParseFault extends Error {
  constructor(
    readonly kind: 'syntax' | 'cut-off' | 'too-deep',
    /** Offset in characters of the text. */
    readonly offset: number,
    /** Names and numbers from the outside in: `['outputs', 2, 'data']`. */
    readonly path: readonly (string | number)[]
  ) {
    super(kind);
  }
}

/**
 * Parses JSON as Python writes it: with `NaN` and `Infinity`, keeping the text of numbers that JavaScript would change.
 * Slower than JSON.parse, so it is used where that one fails or the scanner saw such a number.
 *
 * @throws ParseFault
 */
export function parseExactly(text: string): Json {
  return new Parser(text).whole();
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: [string, Json][] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', new NumberText('NaN')],
  ['Infinity', new NumberText('Infinity')],
  ['-Infinity', new NumberText('-Infinity')]
];

class Parser {
  private position = 0;
  private readonly path: (string | number)[] = [];

  constructor(private readonly text: string) {}

  whole(): Json {
    const value = this.value();
    this.space();
    if (this.position < this.text.length) throw this.fault();
    return value;
  }

  private value(): Json {
    this.space();
    if (this.path.length > MAX_DEPTH) throw new ParseFault('too-deep', this.position, [...this.path]);
    const char = this.text[this.position];
    if (char === '{') return this.object();
    if (char === '[') return this.list();
    if (char === '"') return this.string();
    for (const [word, value] of WORDS) {
      if (!this.text.startsWith(word, this.position)) continue;
      this.position += word.length;
      return value;
    }
    return this.number();
  }

  private object(): JsonObject {
    const object: JsonObject = {};
    this.position++;
    this.space();
    if (this.take('}')) return object;
    for (;;) {
      this.space();
      if (this.text[this.position] !== '"') throw this.fault();
      const key = this.string();
      this.path.push(key);
      this.space();
      if (!this.take(':')) throw this.fault();
      setOwn(object, key, this.value());
      this.space();
      if (this.text[this.position] === ',' || this.text[this.position] === '}') this.path.pop();
      if (this.take('}')) return object;
      if (!this.take(',')) throw this.fault();
    }
  }

  private list(): Json[] {
    const list: Json[] = [];
    this.position++;
    this.space();
    if (this.take(']')) return list;
    for (;;) {
      this.path.push(list.length);
      list.push(this.value());
      this.space();
      if (this.text[this.position] === ',' || this.text[this.position] === ']') this.path.pop();
      if (this.take(']')) return list;
      if (!this.take(',')) throw this.fault();
    }
  }

  private string(): string {
    const start = this.position;
    const end = this.afterString(start);
    if (end < 0) throw new ParseFault('cut-off', this.text.length, [...this.path]);
    try {
      const value = JSON.parse(this.text.slice(start, end)) as string;
      this.position = end;
      return value;
    } catch {
      throw this.fault();
    }
  }

  private afterString(start: number): number {
    for (let from = start + 1; ;) {
      const quote = this.text.indexOf('"', from);
      if (quote < 0) return -1;
      let slashes = 0;
      while (quote - 1 - slashes >= from && this.text[quote - 1 - slashes] === '\\') slashes++;
      if (slashes % 2 === 0) return quote + 1;
      from = quote + 1;
    }
  }

  private number(): Json {
    NUMBER.lastIndex = this.position;
    const found = NUMBER.exec(this.text)?.[0];
    if (found === undefined) throw this.fault();
    this.position += found.length;
    const value = Number(found);
    return String(value) === found ? value : new NumberText(found);
  }

  private take(char: string): boolean {
    if (this.text[this.position] !== char) return false;
    this.position++;
    return true;
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.position);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.position++;
    }
  }

  private fault(): ParseFault {
    return new ParseFault(this.position >= this.text.length ? 'cut-off' : 'syntax', this.position, [...this.path]);
  }
}
