import { fieldsOf } from './kinds.js';
import type { IField, IKind } from './kinds.js';

/** Where a secret is: in a variable of the environment, in a file, or in a profile of credentials. */
export type SecretPlace = 'env' | 'file' | 'credential';

/** What was typed, by the paths of fields. */
export interface IDraft {
  readonly texts: Readonly<Record<string, string>>;
  readonly places: Readonly<Record<string, SecretPlace>>;
}

/** What was typed into a field, without the spaces around it. */
export function textOf(draft: IDraft, path: string): string {
  return (draft.texts[path] ?? '').trim();
}

/** Where the secret of a field is. */
export function placeOf(draft: IDraft, path: string): SecretPlace {
  return draft.places[path] ?? 'env';
}

/** The settings of a source as the configuration has them. What was left empty is left out. */
export function settingsOf(kind: IKind, draft: IDraft): Record<string, unknown> {
  const settings: Record<string, unknown> = { kind: kind.kind };
  for (const field of fieldsOf(kind)) {
    const value = valueOf(field, draft);
    if (value !== undefined) put(settings, field.path.split('.'), value);
  }
  return settings;
}

function valueOf({ path, input, options }: IField, draft: IDraft): unknown {
  const text = textOf(draft, path);
  // What is taken anyway need not stand in the file.
  if (text === '' || text === options?.[0]?.value) return undefined;
  if (input === 'number') return Number(text);
  if (input === 'secret') return { [placeOf(draft, path)]: text };
  if (input !== 'names') return text;
  const names = text.split(',').flatMap(name => name.trim() || []);
  return names.length === 0 ? undefined : names;
}

function put(into: Record<string, unknown>, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const below = (into[name] ??= {}) as Record<string, unknown>;
  put(below, rest, value);
}
