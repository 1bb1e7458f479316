import type * as z from 'zod';
import { fieldOf } from '../../contract/problem.js';
import { nearest } from '../nearest.js';
import { keysAt, kindsAt } from './shape.js';

/** Something wrong in a configuration file: where, and what to do about it. */
export interface Fault {
  path: PropertyKey[];
  sentence: string;
  /** Whether it is a misspelt key, which other faults may come from. */
  isMisspelt?: boolean;
}

const types: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with keys',
  record: 'a section with keys'
};

/** What an issue of the schema means to the person who wrote the file. Never tells a value. */
export function faultsOf(issue: z.core.$ZodIssue, schema: z.ZodType, data: unknown): Fault[] {
  const { path } = issue;
  const name = fieldOf(path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path, data);
    return issue.keys.map(key => {
      const near = nearest(key.slice(0, 200), known);
      const hint = near ? ` Did you mean ${near}?` : '';
      const list = known.length > 0 ? ` Known here: ${known.join(', ')}.` : '';
      const at = [...path, key];
      return { path: at, sentence: `there is no key ${fieldOf(at)}.${hint}${list}`, isMisspelt: near !== undefined };
    });
  }
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    const known = kindsAt(schema, path.slice(0, -1), data);
    const given = valueAt(data, path);
    const near = typeof given === 'string' ? nearest(given.slice(0, 200), known) : undefined;
    const problem = given === undefined ? `${name} is missing.` : `${name} is not known.`;
    return [{ path, sentence: `${problem}${near ? ` Did you mean ${near}?` : ''} It is one of: ${known.join(', ')}.` }];
  }
  if (issue.code === 'invalid_key') return [{ path, sentence: `${name} ${issue.issues[0]?.message ?? 'is no name'}.` }];
  if (valueAt(data, path) === undefined) return [{ path, sentence: `${name} is missing.` }];
  if (issue.code === 'invalid_type') {
    return [{ path, sentence: `${name || 'the file'} must be ${types[issue.expected] ?? issue.expected}.` }];
  }
  return [{ path, sentence: `${name} ${issue.message}.` }];
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    data
  );
}
