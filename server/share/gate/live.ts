import type { LiveSecret } from '../ports.js';
import type { FoundSecret } from './types.js';

/** Shorter values are found in ordinary text by chance. */
export const SHORTEST_LIVE = 8;

/** Fewest characters of a spelling in base64 that are looked for. */
const SHORTEST_BASE64 = 10;

interface Spelling {
  text: string;
  live: LiveSecret;
  /** In base64 the secret may begin and end within a character, so the whole run belongs to it. */
  isBase64: boolean;
}

/** A live secret in a text, with the value that it is. */
export interface LiveHit extends FoundSecret {
  secret: string;
  encoding: 'plain' | 'base64' | 'url';
}

/**
 * Finds exact values in texts, in any of their usual spellings: as they are, escaped for JSON or HTML, URL-encoded, in
 * base64 also where they are a part of what was encoded. One pass over a text, however many values there are.
 */
export class LiveMatcher {
  /** Marks the hashes of the four characters that a spelling begins with. */
  private readonly begins = new Uint8Array(65_536);
  private readonly byBegin = new Map<number, Spelling[]>();

  constructor(secrets: readonly LiveSecret[]) {
    const seen = new Set<string>();
    for (const live of secrets) {
      if (!isUsable(live.value)) continue;
      for (const spelling of spellings(live)) {
        if (seen.has(spelling.text)) continue;
        seen.add(spelling.text);
        const begin = hash(spelling.text);
        this.begins[begin] = 1;
        this.byBegin.set(begin, [...(this.byBegin.get(begin) ?? []), spelling]);
      }
    }
  }

  find(text: string, add: (hit: LiveHit) => void): void {
    if (this.byBegin.size === 0) return;
    const { begins } = this;
    let rolling = 0;
    for (let last = 0; last < text.length; last++) {
      rolling = roll(rolling, text.charCodeAt(last));
      if (begins[rolling] === 0) continue;
      const at = last - 3;
      const spelling = this.byBegin.get(rolling)?.find(each => text.startsWith(each.text, at));
      if (!spelling) continue;
      const range = { start: at, end: at + spelling.text.length };
      const { start, end } = spelling.isBase64 ? wholeRun(text, range) : range;
      add({
        start,
        end,
        rule: 'live',
        label: `Your current secret from ${spelling.live.name}`,
        secret: spelling.live.value,
        encoding: spelling.isBase64
          ? 'base64'
          : spelling.text.includes('%') && !spelling.live.value.includes('%')
            ? 'url'
            : 'plain'
      });
      last = end - 1;
    }
  }
}

/** A short word in small letters is a password only by chance: it would be found in every text about `postgres`. */
function isUsable(value: string): boolean {
  return value.length >= SHORTEST_LIVE && !/^[a-z]{1,11}$/.test(value) && !/^(.)\1*$/.test(value);
}

/** The hash of the last four characters, from that of the four before: what is older is shifted out. */
function roll(hash: number, code: number): number {
  return ((hash << 4) ^ code) & 0xffff;
}

function hash(text: string): number {
  let value = 0;
  for (let at = 0; at < 4; at++) value = roll(value, text.charCodeAt(at));
  return value;
}

function spellings(live: LiveSecret): Spelling[] {
  const { value } = live;
  const url = encodeURIComponent(value.toWellFormed());
  const json = JSON.stringify(value).slice(1, -1);
  const plain = [
    value,
    json,
    value.replaceAll('\\', '\\\\').replaceAll("'", "\\'"),
    html(value),
    url,
    url.replace(/%[0-9A-F]{2}/g, escape => escape.toLowerCase()),
    url.replaceAll('%20', '+'),
    url.replace(/[!'()*~]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  ];
  return [
    ...plain.map(text => ({ text, live, isBase64: false })),
    ...base64Parts(value).map(text => ({ text, live, isBase64: true }))
  ];
}

function html(value: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return value.replace(/[&<>"']/g, sign => entities[sign] ?? sign);
}

/** What is the same in base64 wherever the value stands in what was encoded: one text for each of the three shifts. */
function base64Parts(value: string): string[] {
  const bytes = Buffer.from(value);
  const parts = [0, 1, 2].map(shift => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
  const long = parts.filter(part => part.length >= SHORTEST_BASE64);
  return [...long, ...long.map(part => part.replaceAll('+', '-').replaceAll('/', '_'))];
}

function wholeRun(text: string, { start, end }: { start: number; end: number }): { start: number; end: number } {
  const isPart = (at: number): boolean => /[A-Za-z0-9+/_=-]/.test(text.charAt(at));
  let from = start;
  let to = end;
  while (from > 0 && start - from < 4000 && isPart(from - 1)) from--;
  while (to < text.length && to - end < 4000 && isPart(to)) to++;
  return { start: from, end: to };
}
