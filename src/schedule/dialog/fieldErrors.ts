import type { FieldError } from '../../../contract/problem.js';

/** Sentences by the field that they are about, as the contract names it: `when.cron`, `parameters.month`. */
export type FieldErrors = Readonly<Record<string, string>>;

/** Where in the dialog a field of a schedule is shown; several may be shown at one place. */
const places: readonly [RegExp, string][] = [
  [/^(name|where|output|credentials)$/, '$1'],
  [/^(notebook\.path|when\.(?:cron|zone|start|end)|environment\.(?:kernel|memory)|publish\.target)$/, '$1'],
  [/^notebook$/, 'notebook.path'],
  [/^when$/, 'when.cron'],
  [/^(policy\.(?:overlap|catchUp|maxCatchUp|retries|retryDelay|timeout|cellTimeout|lateAfter|retryTimeouts))$/, '$1'],
  [/^notify(?:\..*)?$/, 'notify'],
  [/^publish(?:\..*)?$/, 'publish.target']
];

/**
 * Sorts what is wrong by where it is shown.
 *
 * @param parameters - the names of the parameters that have a field
 * @returns the first sentence for each place, and those that have none
 */
export function sortErrors(
  errors: readonly FieldError[],
  parameters: readonly string[]
): { fields: Record<string, string>; others: string[] } {
  const fields: Record<string, string> = {};
  const others: string[] = [];
  for (const { field, message } of errors) {
    const name = field.replace(/^(spec|query|body)\./, '');
    const place = placeOf(name, parameters);
    if (place === undefined) others.push(sentence(`${name} ${withoutSubject(message, name)}`));
    else fields[place] ??= sentence(withoutSubject(message, name));
  }
  return { fields, others };
}

function placeOf(field: string, parameters: readonly string[]): string | undefined {
  const parameter = /^parameters\.([^.]+)/.exec(field)?.[1];
  if (parameter !== undefined && parameters.includes(parameter)) return `parameters.${parameter}`;
  const [pattern, place] = places.find(([each]) => each.test(field)) ?? [];
  return pattern && field.replace(pattern, place ?? '');
}

/** "when.cron never comes" → "never comes": at its field nobody needs its name. */
function withoutSubject(message: string, field: string): string {
  return message.startsWith(`${field} `) ? message.slice(field.length + 1) : message;
}

/** "must not be empty" → "Must not be empty." */
export function sentence(text: string): string {
  const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}
