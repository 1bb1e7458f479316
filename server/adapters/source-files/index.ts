import { ProblemError } from '../../../contract/problem.js';
import type { Finding, PluginSurroundings } from '../../plugins/plugin.js';
import type { ColumnNames, SourceCall, TableSource } from '../../tables/ports.js';
import { guardedSource } from '../common/guarded.js';
import { folderFacts, folderRows } from '../common/iceberg/folder.js';
import { openBucket, readingClient } from '../common/lake/bucket.js';
import { datasetColumns, datasetFacts, datasetRows } from '../common/lake/dataset.js';
import { inParallel, type LakeFiles } from '../common/lake/files.js';
import { openFolder } from '../common/lake/folder.js';
import { findSchemas, findTables, findTarget, type Target } from './rules.js';
import type { FilesSettings } from './settings.js';

/** Names of tables that are told at once. */
const AT_ONCE = 5_000;

/** Tables of a schema whose columns are found by a search, those that are told at once, and files open at once. */
const MOST_INDEXED = 1_000;
const COLUMNS_AT_ONCE = 50;
const OPEN_AT_ONCE = 4;

/** Files as tables. Nothing is written, and no file is read to draw a list; for columns in searches one of each table. */
export async function createFilesSource(
  settings: FilesSettings,
  surroundings: PluginSurroundings
): Promise<TableSource> {
  const files = await openFiles(settings, surroundings);
  const label = surroundings.label ?? files.root;
  const source: TableSource = {
    async check(call): Promise<Finding[]> {
      const look = async () => [await findTables(files, '', call), await findSchemas(files, call)] as const;
      const found = await look().catch(orAbsent);
      if (found === undefined)
        return [
          { state: 'failed', detail: `There is no ${files.root}.`, cure: `Check it in ${surroundings.settings}.` }
        ];
      const [tables, schemas] = found;
      const inner = schemas.length - 1;
      if (tables.length === 0 && inner === 0)
        return [
          {
            state: 'warning',
            detail: `${files.root} can be read and holds no table.`,
            cure: 'Put Parquet, CSV or Iceberg there; docs/sources/files.md tells what counts as a table.'
          }
        ];
      const folders = inner === 0 ? '' : ` and ${inner} ${inner === 1 ? 'folder' : 'folders'} with more`;
      return [
        {
          state: 'ok',
          detail: `${files.root} can be read: ${tables.length} ${tables.length === 1 ? 'table' : 'tables'}${folders}.`
        },
        ...schemas.flatMap(({ trouble }): Finding[] => (trouble ? [{ state: 'warning', detail: trouble.message }] : []))
      ];
    },
    schemas: call => findSchemas(files, call),
    async *names(schema, call) {
      const entries = (await findTables(files, schema, call)).map(({ entry }) => entry);
      for (let at = 0; at < entries.length; at += AT_ONCE) yield entries.slice(at, at + AT_ONCE);
    },
    async *columns(schema, call) {
      const tables = (await findTables(files, schema, call)).slice(0, MOST_INDEXED);
      for (let at = 0; at < tables.length; at += COLUMNS_AT_ONCE) {
        const some = tables.slice(at, at + COLUMNS_AT_ONCE);
        const found = await inParallel(some, OPEN_AT_ONCE, ({ entry, target }) =>
          columnsOf(files, entry.name, target, call)
        );
        yield found.filter(each => each !== undefined);
      }
    },
    async facts(ref, call) {
      const target = await findTarget(files, label, ref, call);
      return target.kind === 'iceberg'
        ? folderFacts(files, target.path, call)
        : datasetFacts(files, target.dataset, call);
    },
    async rows(ref, options, call) {
      const target = await findTarget(files, label, ref, call);
      return target.kind === 'iceberg'
        ? folderRows(files, target.path, options, call)
        : datasetRows(files, target.dataset, options, call);
    },
    close: () => files.close()
  };
  return guardedSource(source, label);
}

/** Undefined where the table cannot be read: its page says why, and the others are found. */
async function columnsOf(
  files: LakeFiles,
  table: string,
  target: Target,
  call: SourceCall
): Promise<ColumnNames | undefined> {
  try {
    const columns =
      target.kind === 'iceberg'
        ? (await folderFacts(files, target.path, call)).columns
        : await datasetColumns(files, target.dataset, call);
    return { table, columns: columns.map(({ name, type }) => ({ name, type })) };
  } catch (error) {
    call.signal.throwIfAborted();
    if (error instanceof ProblemError && error.code !== 'source-unreachable') return undefined;
    throw error;
  }
}

async function openFiles({ path, bucket }: FilesSettings, surroundings: PluginSurroundings): Promise<LakeFiles> {
  if (bucket === undefined) return openFolder(path ?? '');
  const client = await readingClient(bucket, surroundings);
  const { settings, clock } = surroundings;
  return openBucket({ client, ...bucket, settings, monotonic: () => clock.monotonic() });
}

/** What was never there is not gone: a check says so in its own words. */
function orAbsent(error: unknown): undefined {
  if (error instanceof ProblemError && error.code === 'source-not-found') return;
  throw error;
}
