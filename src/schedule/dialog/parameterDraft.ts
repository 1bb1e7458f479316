import type { Parameter, ParameterType } from '../../../contract/schedule/form.js';
import type { ParameterValue } from '../../../contract/schedule/values.js';

/** One parameter as it is being filled in. */
export interface IParameterDraft {
  readonly parameter: Parameter;
  /** False where the notebook declares no such parameter, but the schedule has a value for it. */
  readonly declared: boolean;
  /** What stands in its field. For a choice and a bool, JSON. */
  readonly text: string;
  /** Whether the schedule has a value of its own; else the notebook's default counts. */
  readonly given: boolean;
  /** The value as it came, as long as nobody typed. */
  readonly original?: ParameterValue;
}

/** Why a text is no value; a view has the words. */
export type ParameterFault = 'int' | 'large' | 'float' | 'bool' | 'date' | 'list' | 'dict' | 'choice' | 'variable';

/** What a field stands for: nothing where the default counts. */
export type ParameterReading = { ok: true; value?: ParameterValue } | { ok: false; fault: ParameterFault };

/** A text with a macro in it, which the runner fills in. */
export function hasMacro(text: string): boolean {
  return /\{\{[\s\S]*\}\}/.test(text);
}

/** The fields of a notebook's parameters, in its order; values for parameters that it does not declare come last. */
export function draftsOf(
  parameters: readonly Parameter[],
  values: Readonly<Record<string, ParameterValue>>
): IParameterDraft[] {
  const known = new Set(parameters.map(({ name }) => name));
  const others = Object.keys(values).filter(name => !known.has(name));
  return [
    ...parameters.map(parameter => draftOf(parameter, true, values)),
    ...others.map(name => draftOf({ name, type: 'any' }, false, values))
  ];
}

function draftOf(
  parameter: Parameter,
  declared: boolean,
  values: Readonly<Record<string, ParameterValue>>
): IParameterDraft {
  const { name } = parameter;
  if (!Object.hasOwn(values, name)) return unset({ parameter, declared, text: '', given: false });
  const original = values[name] as ParameterValue;
  return { parameter, declared, text: textOf(parameter.type, original), given: true, original };
}

/** The field with another text. */
export function typed(draft: IParameterDraft, text: string): IParameterDraft {
  const { original: _, ...rest } = draft;
  return { ...rest, text, given: true };
}

/** The field without a value of its own: the default of the notebook counts. */
export function unset(draft: IParameterDraft): IParameterDraft {
  const { parameter, declared } = draft;
  return { parameter, declared, text: textOf(parameter.type, parameter.default), given: false };
}

/** What a field stands for. */
export function readParameter(draft: IParameterDraft): ParameterReading {
  const { parameter, text, given, original } = draft;
  if (!given) return { ok: true };
  if (original !== undefined) return { ok: true, value: original };
  if (parameter.type === 'secret' && text.trim() === '') return { ok: true };
  if (parameter.default === null && text.trim() === 'null') return { ok: true, value: null };
  return readText(parameter.type, text, parameter.choices);
}

function readText(type: ParameterType, text: string, choices: readonly ParameterValue[] = []): ParameterReading {
  const word = text.trim();
  if (hasMacro(text) && !['list', 'dict', 'secret'].includes(type)) return { ok: true, value: text };
  switch (type) {
    case 'str':
      return { ok: true, value: text };
    case 'int':
      if (!/^[+-]?\d+$/.test(word)) return { ok: false, fault: 'int' };
      return Number.isSafeInteger(Number(word)) ? { ok: true, value: Number(word) } : { ok: false, fault: 'large' };
    case 'float': {
      const value = Number(word);
      return word !== '' && Number.isFinite(value) ? { ok: true, value } : { ok: false, fault: 'float' };
    }
    case 'bool':
      return word === 'true' || word === 'false' ? { ok: true, value: word === 'true' } : { ok: false, fault: 'bool' };
    case 'date':
      return isDay(word) ? { ok: true, value: word } : { ok: false, fault: 'date' };
    case 'secret':
      return /^[A-Za-z_][A-Za-z0-9_]*$/.test(word)
        ? { ok: true, value: { $env: word } }
        : { ok: false, fault: 'variable' };
    case 'choice': {
      const at = choices.findIndex(choice => JSON.stringify(choice) === text);
      return at < 0 ? { ok: false, fault: 'choice' } : { ok: true, value: choices[at] as ParameterValue };
    }
    case 'list':
    case 'dict': {
      const value = fromJson(text);
      const fits = type === 'list' ? Array.isArray(value) : isMap(value);
      return fits ? { ok: true, value: value as ParameterValue } : { ok: false, fault: type };
    }
    case 'any': {
      const value = fromJson(text);
      return { ok: true, value: value === undefined ? text : value };
    }
  }
}

/** What stands in the field of a value. What a secret holds is never shown, but for the name of its variable. */
function textOf(type: ParameterType, value: ParameterValue | undefined): string {
  if (value === undefined) return '';
  if (type === 'choice' && !(typeof value === 'string' && hasMacro(value))) return JSON.stringify(value);
  if (type === 'secret') return isMap(value) && typeof value['$env'] === 'string' ? value['$env'] : '';
  if (typeof value === 'string' && type !== 'list' && type !== 'dict') {
    // Where a text could be taken for something else it stands in quotes.
    return type === 'any' && fromJson(value) !== undefined ? JSON.stringify(value) : value;
  }
  const line = JSON.stringify(value);
  return line.length > 60 ? JSON.stringify(value, undefined, 2) : line;
}

/** `null` counts as a value; undefined stands for what is no JSON, or would lose digits. */
function fromJson(text: string): ParameterValue | undefined {
  try {
    const value = JSON.parse(text) as ParameterValue;
    return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

function isMap(value: ParameterValue | undefined): value is { [key: string]: ParameterValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
