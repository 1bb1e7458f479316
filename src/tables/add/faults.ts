import type { TranslationBundle } from '@jupyterlab/translation';
import { ProfileId } from '../../../contract/credentials/types.js';
import type { FieldError } from '../../../contract/problem.js';
import { SourceId } from '../../../contract/tables/types.js';
import { fieldsOf } from './kinds.js';
import type { IField, IKind } from './kinds.js';
import { placeOf, textOf } from './settings.js';
import type { IDraft } from './settings.js';

/** Sentences by the path of the field that they are about; `name` and `kind` are fields, too. */
export type Faults = Readonly<Record<string, string>>;

/** What is wrong with a name of a source; undefined where nothing is. */
export function faultOfName(name: string, taken: readonly string[], trans: TranslationBundle): string | undefined {
  if (name === '') return trans.__('Give it a name.');
  if (!SourceId.safeParse(name).success) {
    return trans.__('Take small letters, digits and hyphens, 40 at most: "sales-db".');
  }
  return taken.includes(name) ? trans.__('There is a source "%1" already. Choose another name.', name) : undefined;
}

/**
 * What is wrong with settings as far as that can be seen here. What looks like a secret itself is held back: it would
 * stand in a request, and in the sentence that says that there is no such variable.
 */
export function faultsOf(kind: IKind, draft: IDraft, trans: TranslationBundle): Faults {
  const faults: Record<string, string> = {};
  for (const field of fieldsOf(kind)) {
    const fault = faultOf(field, draft, trans);
    if (fault !== undefined) faults[field.path] = fault;
  }
  return faults;
}

function faultOf(field: IField, draft: IDraft, trans: TranslationBundle): string | undefined {
  const { path, input } = field;
  const text = textOf(draft, path);
  if (text === '') return isNeeded(field, draft) ? trans.__('This is needed.') : undefined;
  if (input === 'number' && !/^\d+$/.test(text)) return trans.__('Must be a whole number.');
  if (input !== 'secret') return undefined;
  if (placeOf(draft, path) === 'credential') {
    if (ProfileId.safeParse(text).success) return undefined;
    return trans.__('This is no name of a profile. Give the name of the one that holds it, never the secret itself.');
  }
  if (placeOf(draft, path) === 'env') {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return undefined;
    return trans.__('This is no name of a variable. Give the name of the one that holds it, never the secret itself.');
  }
  if (/^(\/|[A-Za-z]:[\\/])/.test(text)) return undefined;
  return trans.__('Give the whole path of a file that holds it, from /, never the secret itself.');
}

/** A profile of credentials may say what a field leaves open. */
function isNeeded({ isRequired = false, neededUnless }: IField, draft: IDraft): boolean {
  if (neededUnless === undefined) return isRequired;
  return placeOf(draft, neededUnless) !== 'credential' || textOf(draft, neededUnless) === '';
}

/**
 * Sorts what the server found wrong by the fields that are there.
 *
 * @returns the first sentence for each field, and those that belong to none
 */
export function sortFaults(
  errors: readonly FieldError[],
  kind: IKind
): { faults: Record<string, string>; others: string[] } {
  const faults: Record<string, string> = {};
  const others: string[] = [];
  const paths = fieldsOf(kind).map(({ path }) => path);
  for (const { field, message } of errors) {
    const name = field.replace(/^(body\.)?settings\./, '');
    const words = sentence(message.startsWith(`${name} `) ? message.slice(name.length + 1) : message);
    // A part that is missing, or what is within a reference, is the fault of the field around it.
    const path =
      paths.find(each => each === name) ??
      paths.find(each => name.startsWith(`${each}.`)) ??
      paths.find(each => each.startsWith(`${name}.`));
    // Elsewhere nobody would know what it is about without its name.
    if (path === undefined) others.push(name === '' ? words : message);
    else faults[path] ??= words;
  }
  return { faults, others };
}

/** "must not be empty" → "Must not be empty." */
function sentence(text: string): string {
  const words = text.trim();
  const whole = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}
