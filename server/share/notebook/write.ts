import { NumberText, sortedKeys, type Json } from './json.js';

/** Writes JSON on one line with sorted keys: the same value gives the same text. */
export function compact(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(compact).join(',')}]`;
  if (value instanceof NumberText) return value.text;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = sortedKeys(value).map(key => `${JSON.stringify(key)}:${compact(value[key] as Json)}`);
  return `{${members.join(',')}}`;
}

/**
 * Writes JSON as Jupyter writes notebooks: keys sorted, one blank of indent a level, characters as they are.
 *
 * @param indent - the level the value stands at; its first line is not indented
 */
export function pretty(value: Json, indent = 0): string {
  const parts: string[] = [];
  write(value, indent, parts);
  return parts.join('');
}

function write(value: Json, indent: number, parts: string[]): void {
  if (value instanceof NumberText) parts.push(value.text);
  else if (typeof value !== 'object' || value === null) parts.push(JSON.stringify(value));
  else if (Array.isArray(value)) {
    if (value.length === 0) {
      parts.push('[]');
      return;
    }
    const lead = `\n${' '.repeat(indent + 1)}`;
    value.forEach((item, index) => {
      parts.push(index === 0 ? '[' : ',', lead);
      write(item, indent + 1, parts);
    });
    parts.push('\n', ' '.repeat(indent), ']');
  } else {
    const keys = sortedKeys(value);
    if (keys.length === 0) {
      parts.push('{}');
      return;
    }
    const lead = `\n${' '.repeat(indent + 1)}`;
    keys.forEach((key, index) => {
      parts.push(index === 0 ? '{' : ',', lead, JSON.stringify(key), ': ');
      write(value[key] as Json, indent + 1, parts);
    });
    parts.push('\n', ' '.repeat(indent), '}');
  }
}
