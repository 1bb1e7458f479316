import { ProblemError } from '../../../contract/problem.js';
import type { Trouble } from '../../../contract/tables/index.js';
import type { SourceCall, TableFacts, TableReach } from '../../tables/ports.js';
import { icebergFacts } from '../common/iceberg/facts.js';
import { withPartitions } from '../common/iceberg/folder.js';
import { columnOf } from '../common/lake/fields.js';
import { byPath } from '../common/lake/folder.js';
import type { Locations } from '../common/lake/locations.js';
import { NEWEST } from '../common/lake/partitions.js';
import { troubleOf } from '../common/lake/problems.js';
import type { HiveTable, Metastore } from './metastore.js';
import { icebergOf } from './rows.js';
import { fieldsOf, storageOf } from './storage.js';

/** Names of partitions that are asked for. The metastore gives those that come first. */
const MOST_PARTITIONS = 1_000;

/** What is known of a table of a metastore. Its files are not looked at. */
export async function hiveFacts(
  { metastore, locations }: { metastore: Metastore; locations: Locations },
  database: string,
  table: HiveTable,
  call: SourceCall
): Promise<TableFacts> {
  const { own, partitioned } = fieldsOf(table);
  const storage = storageOf(table);
  const reach: TableReach = { kind: 'spark', name: [database, table.name] };
  const { parameters } = table;
  const number = (name: string): number | undefined => {
    const text = parameters.get(name);
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  const rows = number('numRows') ?? number('spark.sql.statistics.numRows');
  const bytes = number('totalSize') ?? number('spark.sql.statistics.totalSize');
  const changed = number('transient_lastDdlTime');
  const comment = parameters.get('comment');
  const facts: TableFacts = {
    type: storage.kind === 'view' ? 'view' : table.type === 'EXTERNAL_TABLE' ? 'external' : 'table',
    columns: [...own, ...partitioned].map(columnOf),
    ...(comment && { comment }),
    ...(table.owner !== '' && { owner: table.owner }),
    ...(rows !== undefined && { rows: { count: rows, estimated: true } }),
    ...(bytes !== undefined && bytes > 0 && { bytes }),
    ...(table.createdAt > 0 && { createdAt: new Date(table.createdAt * 1000).toISOString() }),
    ...(changed !== undefined && changed > 0 && { updatedAt: new Date(changed * 1000).toISOString() }),
    format: storage.text,
    ...(table.location !== '' && { location: table.location }),
    ...(partitioned.length > 0 && { partitionedBy: partitioned.map(({ name }) => name) }),
    reach
  };
  if (storage.kind === 'iceberg') {
    try {
      const { metadata, files } = await icebergOf(locations, storage.metadata, call);
      const more = await withPartitions(icebergFacts(metadata, reach), files, metadata, call);
      return { ...facts, ...more, type: facts.type };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return { ...facts, troubles: [troubleOf(error)] };
    }
  }
  if (partitioned.length === 0) return facts;
  const names = await metastore.partitionNames(database, table.name, MOST_PARTITIONS, call);
  const newest = names.map(path => ({ path })).sort((a, b) => byPath(b, a));
  const isCut = names.length >= MOST_PARTITIONS;
  const trouble: Trouble = {
    message: `The table has ${MOST_PARTITIONS} partitions or more: the newest may not be among those shown.`,
    code: 'source-failed'
  };
  return {
    ...facts,
    partitions: { newest: newest.slice(0, NEWEST).map(({ path: name }) => ({ name })), more: isCut || names.length > NEWEST },
    ...(isCut && { troubles: [trouble] })
  };
}
