import type { Partition } from '../../../../contract/tables/index.js';
import { byPath } from './folder.js';
import type { Field } from './fields.js';
import type { FileEntry } from './files.js';

/** What Hive writes where a value is null. */
const NULL = '__HIVE_DEFAULT_PARTITION__';

/** Most partitions that are told. */
export const NEWEST = 50;

/** Whether a folder holds a part of a table: `month=9`. */
export function isPartition(folder: string): boolean {
  return /^[^=/]+=/.test(folder);
}

/** The folders `key=value` between a table and a file of it: `year=2013/month=9`; empty where there are none. */
export function partitionOf(table: string, file: string): string {
  const inside = table === '' ? file : file.slice(table.length + 1);
  return inside.split('/').slice(0, -1).filter(isPartition).join('/');
}

/** Names and values of a partition, in order. */
export function partsOf(partition: string): [string, string | null][] {
  return partition
    .split('/')
    .filter(isPartition)
    .map(part => {
      const at = part.indexOf('=');
      const value = decoded(part.slice(at + 1));
      return [decoded(part.slice(0, at)), value === NULL ? null : value];
    });
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The columns that are in names of folders; their types as their values look. */
export function partitionFields(partitions: readonly string[]): Field[] {
  const values = new Map<string, string[]>();
  for (const partition of partitions)
    for (const [name, value] of partsOf(partition))
      values.set(name, [...(values.get(name) ?? []), ...(value === null ? [] : [value])]);
  return [...values].map(([name, all]) => {
    const every = (pattern: RegExp): boolean => all.length > 0 && all.every(value => pattern.test(value));
    if (every(/^-?(0|[1-9]\d{0,17})$/)) return { name, type: 'integer (guessed)', kind: 'integer', nullable: true };
    if (every(/^\d{4}-\d\d-\d\d$/)) return { name, type: 'date (guessed)', kind: 'date', nullable: true };
    return { name, type: 'string (guessed)', kind: 'string', nullable: true };
  });
}

/** The newest partitions: those whose names come last, numbers by value. */
export function newestPartitions(
  table: string,
  files: readonly FileEntry[],
  rowsOf: (path: string) => number | undefined
): { newest: Partition[]; more: boolean } {
  const found = new Map<string, { bytes: number; modified: number; rows: number | undefined }>();
  for (const { path, bytes, modified } of files) {
    const name = partitionOf(table, path);
    const known = found.get(name) ?? { bytes: 0, modified: 0, rows: 0 };
    const rows = rowsOf(path);
    found.set(name, {
      bytes: known.bytes + bytes,
      modified: Math.max(known.modified, modified),
      rows: known.rows === undefined || rows === undefined ? undefined : known.rows + rows
    });
  }
  const names = [...found.keys()].map(path => ({ path })).sort((a, b) => byPath(b, a));
  const newest = names.slice(0, NEWEST).map(({ path: name }): Partition => {
    const { bytes, modified, rows } = found.get(name) ?? { bytes: 0, modified: 0, rows: undefined };
    return { name, bytes, ...(rows !== undefined && { rows }), updatedAt: new Date(modified).toISOString() };
  });
  return { newest, more: names.length > NEWEST };
}
