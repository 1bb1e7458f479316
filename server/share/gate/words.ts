import type { LiveSecret } from '../ports.js';
import { Hints } from './hints.js';
import { LiveMatcher } from './live.js';
import { rules } from './rules/index.js';
import type { FoundSecret } from './types.js';

/** The secrets in a few words that a person typed: our own rules and the values in use, without any library. */
export function secretsIn(text: string, live: readonly LiveSecret[]): FoundSecret[] {
  const found: FoundSecret[] = [];
  new LiveMatcher(live).find(text, hit => found.push(hit));
  const hints = new Hints(text);
  for (const rule of rules) rule(text, 'prose', hit => found.push(hit), hints);
  return found;
}
