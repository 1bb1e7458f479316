import type { Snapshot } from '../../../../contract/tables/index.js';
import type { TableFacts, TableReach } from '../../../tables/ports.js';
import { columnOf } from '../lake/fields.js';
import { fieldOf } from './fields.js';
import { currentSnapshot, schemaOf, specOf, type IcebergSnapshot, type Metadata } from './metadata.js';

/** Snapshots that are told. */
const NEWEST = 50;

/** What the metadata of an Iceberg table tell, without reading anything else. */
export function icebergFacts(metadata: Metadata, reach: TableReach): TableFacts {
  const schema = schemaOf(metadata);
  const names = new Map(schema.fields.map(({ id, name }) => [id, name]));
  const current = currentSnapshot(metadata);
  const { rows, bytes } = sizesOf(current);
  const key = (schema['identifier-field-ids'] ?? []).map(id => names.get(id)).filter(name => name !== undefined);
  const parted = specOf(metadata)
    .filter(({ transform }) => transform !== 'void')
    .map(({ name, transform, 'source-id': id }) => {
      const source = names.get(id ?? -1) ?? name;
      return transform === 'identity' ? source : `${transform}(${source})`;
    });
  const { comment, owner } = metadata.properties ?? {};
  return {
    type: 'table',
    columns: schema.fields.map(field => columnOf(fieldOf(field))),
    ...(comment && { comment }),
    ...(owner && { owner }),
    ...(current ? rows && { rows } : { rows: { count: 0, estimated: false } }),
    ...(bytes !== undefined && { bytes }),
    ...(metadata['last-updated-ms'] !== undefined && { updatedAt: new Date(metadata['last-updated-ms']).toISOString() }),
    format: `Iceberg v${metadata['format-version']}`,
    location: metadata.location,
    ...(key.length > 0 && { primaryKey: key }),
    ...(parted.length > 0 && { partitionedBy: parted }),
    snapshots: snapshotsOf(metadata),
    reach
  };
}

/** Rows and bytes as the summary of a snapshot has them. Deletes that are kept beside make the rows an estimate. */
function sizesOf(snapshot: IcebergSnapshot | undefined): {
  rows?: { count: number; estimated: boolean };
  bytes?: number;
} {
  const total = (name: string): number | undefined => numberOf(snapshot, `total-${name}`);
  const [records, bytes] = [total('records'), total('files-size')];
  const positions = total('position-deletes') ?? 0;
  return {
    ...(records !== undefined && {
      rows: { count: Math.max(0, records - positions), estimated: positions + (total('equality-deletes') ?? 0) > 0 }
    }),
    ...(bytes !== undefined && { bytes })
  };
}

function numberOf(snapshot: IcebergSnapshot | undefined, name: string): number | undefined {
  const text = snapshot?.summary?.[name];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function snapshotsOf(metadata: Metadata): Snapshot[] {
  const current = metadata['current-snapshot-id'];
  const whole = metadata.snapshots ?? [];
  const known = new Set(whole.map(each => each['snapshot-id']));
  // A catalogue that is asked for the snapshots with names alone tells the others in the log.
  const logged = (metadata['snapshot-log'] ?? []).filter(each => !known.has(each['snapshot-id']));
  return [...whole, ...logged.map((each): IcebergSnapshot => ({ ...each, summary: undefined }))]
    .sort((a, b) => b['timestamp-ms'] - a['timestamp-ms'])
    .slice(0, NEWEST)
    .map((snapshot): Snapshot => {
      const [added, rows] = [numberOf(snapshot, 'added-records'), numberOf(snapshot, 'total-records')];
      const operation = snapshot.summary?.['operation'];
      return {
        id: snapshot['snapshot-id'],
        at: new Date(snapshot['timestamp-ms']).toISOString(),
        ...(operation !== undefined && { operation }),
        ...(added !== undefined && { addedRows: added }),
        ...(rows !== undefined && { rows }),
        current: snapshot['snapshot-id'] === current
      };
    });
}
