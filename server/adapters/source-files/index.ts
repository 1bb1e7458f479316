import type { Finding, PluginSurroundings } from '../../plugins/plugin.js';
import type { TableSource } from '../../tables/ports.js';
import { guardedSource } from '../common/guarded.js';
import { folderFacts, folderRows } from '../common/iceberg/folder.js';
import { openBucket, readingClient } from '../common/lake/bucket.js';
import { datasetFacts, datasetRows } from '../common/lake/dataset.js';
import type { LakeFiles } from '../common/lake/files.js';
import { openFolder } from '../common/lake/folder.js';
import { findSchemas, findTables, findTarget } from './rules.js';
import type { FilesSettings } from './settings.js';

/** Names of tables that are told at once. */
const AT_ONCE = 5_000;

/** Files as tables. Nothing is written, and no file is read to draw a list. */
export async function createFilesSource(
  settings: FilesSettings,
  surroundings: PluginSurroundings
): Promise<TableSource> {
  const files = await openFiles(settings, surroundings);
  const label = surroundings.label ?? files.root;
  const source: TableSource = {
    async check(call): Promise<Finding[]> {
      const tables = await findTables(files, '', call);
      const schemas = await findSchemas(files, call);
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

async function openFiles({ path, bucket }: FilesSettings, surroundings: PluginSurroundings): Promise<LakeFiles> {
  if (bucket === undefined) return openFolder(path ?? '');
  const client = await readingClient(bucket, surroundings);
  const { settings, clock } = surroundings;
  return openBucket({ client, ...bucket, settings, monotonic: () => clock.monotonic() });
}
