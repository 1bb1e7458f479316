import type { Partition } from '../../../../contract/tables/index.js';
import type { SourceCall } from '../../../tables/ports.js';
import { byPath } from '../lake/folder.js';
import { NEWEST } from '../lake/partitions.js';
import { valueOf } from '../lake/values.js';
import { fieldOf } from './fields.js';
import { entriesOf, manifestsOf, type Entry, type TableFiles } from './manifests.js';
import { currentSnapshot, schemaOf, specOf, type Metadata } from './metadata.js';

/** Manifests that are read to tell the partitions of a table. */
const MOST_MANIFESTS = 20;

/** The name of the partition that a file belongs to: `month=2013-01/origin=JFK`; empty where there are none. */
export function partitionName(metadata: Metadata, { specId, partition }: Pick<Entry, 'specId' | 'partition'>): string {
  const fields = new Map(schemaOf(metadata).fields.map(field => [field.id, field]));
  return specOf(metadata, specId)
    .filter(({ transform }) => transform !== 'void')
    .map(({ name, transform, 'source-id': id }) => {
      const raw = partition[name];
      const source = fields.get(id ?? -1);
      return `${name}=${raw === null || raw === undefined ? 'null' : shown(transform, raw, source && fieldOf(source))}`;
    })
    .join('/');
}

function shown(transform: string, raw: unknown, source: ReturnType<typeof fieldOf> | undefined): string {
  const count = Number(raw);
  const iso = (milliseconds: number, length: number): string => new Date(milliseconds).toISOString().slice(0, length);
  switch (transform) {
    case 'year':
      return String(1970 + count);
    case 'month':
      return iso(Date.UTC(1970, count), 7);
    case 'day':
      return iso(count * 86_400_000, 10);
    case 'hour':
      return iso(count * 3_600_000, 13).replace('T', ' ');
    default:
      return source && /^(identity|truncate)/.test(transform) ? String(valueOf(source, raw)) : String(raw);
  }
}

/** The newest partitions of a table, from the manifests that were written last. */
export async function icebergPartitions(
  files: TableFiles,
  metadata: Metadata,
  call: SourceCall
): Promise<{ newest: Partition[]; more: boolean } | undefined> {
  const snapshot = currentSnapshot(metadata);
  if (snapshot === undefined || specOf(metadata).every(({ transform }) => transform === 'void')) return undefined;
  const manifests = (await manifestsOf(files, snapshot, call)).filter(({ deletes }) => !deletes);
  const read = manifests.slice(0, MOST_MANIFESTS);
  const isWhole = read.length === manifests.length;
  const found = new Map<string, { rows: number; bytes: number }>();
  for (const manifest of read)
    for (const entry of await entriesOf(files, manifest, call)) {
      const name = partitionName(metadata, entry);
      const { rows, bytes } = found.get(name) ?? { rows: 0, bytes: 0 };
      found.set(name, { rows: rows + entry.rows, bytes: bytes + entry.bytes });
    }
  const names = [...found.keys()].map(path => ({ path })).sort((a, b) => byPath(b, a));
  return {
    newest: names.slice(0, NEWEST).map(({ path: name }) => ({ name, ...(isWhole && found.get(name)) })),
    more: names.length > NEWEST || !isWhole
  };
}
