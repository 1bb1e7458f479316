import type { Rule } from '../types.js';
import { assignments, environmentValues } from './assignments.js';
import { commands, headers } from './commands.js';
import { addresses, connectionStrings, jdbc } from './connections.js';
import { awsKeys, knownKeys, privateKeys, webTokens } from './keys.js';

/**
 * Our own rules, the surest first: where two find the same place, the earlier one names it. Each looks for a literal
 * before it does anything dear, so that a text without secrets costs little.
 */
export const rules: readonly Rule[] = [
  (text, _kind, add) => privateKeys(text, add),
  (text, _kind, add) => awsKeys(text, add),
  (text, _kind, add) => webTokens(text, add),
  (text, _kind, add) => knownKeys(text, add),
  (text, _kind, add) => jdbc(text, add),
  (text, _kind, add) => addresses(text, add),
  (text, _kind, add) => headers(text, add),
  connectionStrings,
  (text, _kind, add) => commands(text, add),
  assignments,
  (text, _kind, add) => environmentValues(text, add)
];
