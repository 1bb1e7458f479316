import { Hints } from './hints.js';
import type { LiveMatcher } from './live.js';
import type { PresetHit } from './preset.js';
import { resolveHits } from './resolve.js';
import { isValue } from './rules/assignments.js';
import { rules } from './rules/index.js';
import type { FoundSecret, Hit, Part } from './types.js';
import { viewsOf, type View } from './views.js';
import { windowsOf } from './windows.js';

/** Characters of texts that are kept until the preset is asked about them. */
const ENOUGH = 1_000_000;
/** Between two texts of a call: no rule looks across it. */
const GAP = '\n\n\u0000\n\n';

interface Waiting {
  hits: Hit[];
  settle: (hits: Hit[]) => void;
}

/** Texts that are looked at together, because a call of the preset costs more than a short text. */
export class Batch {
  private readonly texts: { view: View; from: number; at: number; waiting: Waiting }[] = [];
  private readonly waiting: Waiting[] = [];
  private joined: string[] = [];
  /** Characters of `joined`, and of all that was added. */
  private length = 0;
  private seen = 0;

  constructor(private readonly live: LiveMatcher) {}

  get isFull(): boolean {
    return this.seen >= ENOUGH;
  }

  /** Looks at a part. @param settle - is told at the next `flush`, where anything was found, without overlaps */
  add(part: Part, settle: (hits: Hit[]) => void): void {
    if (part.text.length < 4) return;
    const waiting: Waiting = { hits: [], settle };
    this.waiting.push(waiting);
    this.live.find(part.text, hit => waiting.hits.push({ ...hit, severity: 'certain' }));
    if (part.key !== undefined) named(part.key, part, waiting.hits);
    for (const view of viewsOf(part.text, part.kind)) {
      this.seen += view.text.length;
      own(view, waiting.hits);
      if (view.text !== part.text) this.findLive(view, waiting.hits);
      for (const { start, end } of windowsOf(view.text)) {
        this.texts.push({ view, from: start, at: this.length, waiting });
        this.joined.push(view.text.slice(start, end), GAP);
        this.length += end - start + GAP.length;
      }
    }
  }

  /** Asks the preset about all that was added, and tells what was found. */
  async flush(): Promise<void> {
    if (this.length > 0) {
      const { presetHits } = await import('./preset.js');
      for (const hit of await presetHits(this.joined.join(''))) this.place(hit);
    }
    for (const { hits, settle } of this.waiting) if (hits.length > 0) settle(resolveHits(hits));
    this.texts.length = this.waiting.length = this.length = this.seen = 0;
    this.joined = [];
  }

  /** A value in use within what was joined or decoded. */
  private findLive(view: View, hits: Hit[]): void {
    this.live.find(view.text, hit => {
      const encoding = view.encoding === 'plain' ? hit.encoding : view.encoding;
      hits.push({ ...hit, ...view.back(hit.start, hit.end), severity: 'certain', encoding });
    });
  }

  /** Gives a hit of the preset to the text it lies in; one that reaches beyond its lines is cut. */
  private place(hit: PresetHit): void {
    let low = 0;
    let high = this.texts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.texts[middle]?.at ?? 0) <= hit.start) low = middle;
      else high = middle - 1;
    }
    const found = this.texts[low];
    if (!found) return;
    const { view, from, at, waiting } = found;
    const start = hit.start - at + from;
    const end = Math.min(hit.end, (this.texts[low + 1]?.at ?? this.length) - GAP.length) - at + from;
    if (start >= end) return;
    const secret = view.text.slice(start, end);
    const { rule, label, isWide } = hit;
    const range = view.back(start, end);
    waiting.hits.push({ ...range, rule, label, severity: 'likely', encoding: view.encoding, secret, isWide });
  }
}

function own(view: View, hits: Hit[]): void {
  const hints = new Hints(view.text);
  const add = ({ start, end, ...rest }: FoundSecret): void => {
    const secret = view.text.slice(start, end);
    hits.push({ ...rest, ...view.back(start, end), severity: 'likely', encoding: view.encoding, secret });
  };
  for (const rule of rules) rule(view.text, view.kind, add, hints);
}

/** A value of JSON under a name that says what it is. */
function named(key: string, { text }: Part, hits: Hit[]): void {
  const isSecret = /(?:secret|token|credential|(?:api|access|auth|account|private|shared)[_.-]?key)s?$/i.test(key);
  const isPassword = /(?:passw(?:or)?d|passphrase|pwd)\d*$/i.test(key);
  if ((!isSecret && !isPassword) || text.length > 4000 || !isValue(text, isPassword, 'code')) return;
  const label = isPassword ? 'Password' : 'Secret key or token';
  const rule = isPassword ? 'password' : 'named-secret';
  hits.push({ start: 0, end: text.length, rule, label, severity: 'likely', encoding: 'plain', secret: text });
}
