import type { Hints } from '../hints.js';
import type { FoundSecret, Rule } from '../types.js';
import { assignments, environmentValues } from './assignments.js';
import { commands, headers } from './commands.js';
import { addresses, connectionStrings, jdbc } from './connections.js';
import { awsKeys, knownKeys, privateKeys, webTokens } from './keys.js';

/**
 * Our own rules, the surest first: where two find the same place, the earlier one names it. Each looks for a literal
 * before it does anything dear, so that a text without secrets costs little.
 */
export const rules: readonly Rule[] = [
  ofText(privateKeys),
  ofText(awsKeys),
  ofText(webTokens),
  ofText(knownKeys),
  ofText(jdbc),
  ofText(addresses),
  ofText(headers),
  connectionStrings,
  ofText(commands),
  assignments,
  ofText(environmentValues)
];

/** A rule that asks the same of every kind of text. */
function ofText(find: (text: string, add: (hit: FoundSecret) => void, hints: Hints) => void): Rule {
  return (text, _kind, add, hints) => find(text, add, hints);
}
