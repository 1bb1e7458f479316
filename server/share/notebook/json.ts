/** JSON as notebooks hold it, with number texts that JavaScript's numbers would change. */

/** A number whose text is not what JavaScript would write: `1.0`, `1e-05`, 20 digits, `NaN`. */
export class NumberText {
  constructor(readonly text: string) {}
}

export type Json = null | boolean | number | string | NumberText | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText);
}

/** An own member of an object; never something inherited, whatever the key says. */
export function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a member, also one called `__proto__`. */
export function setOwn(object: JsonObject, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** A member that must be an object to be of use; an empty one otherwise. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = own(object, key);
  return isObject(value) ? value : {};
}

/** A member that must be a text to be of use. */
export function stringAt(object: JsonObject, key: string): string | undefined {
  const value = own(object, key);
  return typeof value === 'string' ? value : undefined;
}

/** A member that must be a list to be of use; an empty one otherwise. */
export function listAt(object: JsonObject, key: string): Json[] {
  const value = own(object, key);
  return Array.isArray(value) ? value : [];
}

/** The number a JSON value stands for, if it is one. */
export function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return value instanceof NumberText ? Number(value.text) : undefined;
}

export function isListOfStrings(value: Json | undefined): value is string[] {
  return Array.isArray(value) && value.every(line => typeof line === 'string');
}

/** A text that may be stored as lines; other kinds of values count as no text. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return value.filter(line => typeof line === 'string').join('');
}

/** The keys in the order Python sorts them: by code point. */
export function sortedKeys(object: JsonObject): string[] {
  const keys = Object.keys(object);
  if (keys.length < 2) return keys;
  keys.sort();
  const astral = keys.some(key => /[\ud800-\udfff]/.test(key));
  return astral ? keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))) : keys;
}
