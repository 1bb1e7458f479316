import { ProblemError } from '../../../contract/problem.js';
import { levelsOf, type TableRef } from '../../../contract/tables/index.js';
import type { PluginSurroundings } from '../../plugins/plugin.js';
import { allowsSchema } from '../../tables/databases/settings.js';
import type { SourceCall, TableSource } from '../../tables/ports.js';
import { guardedSource } from '../common/guarded.js';
import { createLocations } from '../common/lake/locations.js';
import { noSuchTable } from '../common/lake/problems.js';
import { hiveFacts } from './facts.js';
import { Metastore, type HiveTable } from './metastore.js';
import { hiveRows } from './rows.js';
import type { HiveSettings } from './settings.js';

/** Names that are told at once. */
const AT_ONCE = 5_000;

/** Tables of a Hive metastore; their rows are read from their files. */
export function createHiveSource(settings: HiveSettings, surroundings: PluginSurroundings): TableSource {
  const label = surroundings.label ?? 'The metastore';
  const metastore = new Metastore(settings, surroundings, label);
  const locations = createLocations(settings.data, surroundings, label);
  const allows = allowsSchema(settings.schemas);

  /** The database of a schema's path, which has one level. */
  function databaseOf(schema: string): string {
    const [database = '', ...deeper] = levelsOf(schema);
    if (deeper.length > 0 || database === '' || !allows(database))
      throw new ProblemError('source-not-found', `${label} has no database ${levelsOf(schema).join('.')}. Refresh the source.`);
    return database;
  }

  async function load({ schema, table }: TableRef, call: SourceCall): Promise<{ database: string; found: HiveTable }> {
    const database = databaseOf(schema);
    const found = await metastore.table(database, table, call);
    // It takes names in any case, and finds those in small letters.
    if (found.name !== table) throw noSuchTable(label, table);
    return { database, found };
  }

  const source: TableSource = {
    async check(call) {
      const names = (await metastore.databases(call)).filter(allows);
      return [
        names.length === 0
          ? { state: 'warning', detail: `${label} answers and shows no database.`, cure: 'Ask for the right to read one.' }
          : { state: 'ok', detail: `${label} answers: ${names.length} databases.` }
      ];
    },
    async schemas(call) {
      return (await metastore.databases(call)).filter(allows).map(schema => ({ schema }));
    },
    async *names(schema, call) {
      const database = databaseOf(schema);
      const names = await metastore.tables(database, call);
      // It gives an empty list for a database that is not there.
      if (names.length === 0 && !(await metastore.databases(call)).includes(database)) throw missing(database);
      const views = new Set(names.length === 0 ? [] : await metastore.views(database, call));
      for (let at = 0; at < names.length; at += AT_ONCE)
        yield names.slice(at, at + AT_ONCE).map(name => ({ name, type: views.has(name) ? 'view' : 'table' }));
    },
    async *columns(schema, call) {
      const database = databaseOf(schema);
      const names = await metastore.tables(database, call);
      for await (const tables of metastore.many(database, names, call))
        yield tables.map(({ name, columns, partitionKeys }) => ({
          table: name,
          columns: [...columns, ...partitionKeys].map(each => ({ name: each.name, type: each.type }))
        }));
    },
    async facts(ref, call) {
      const { database, found } = await load(ref, call);
      return hiveFacts({ metastore, locations }, database, found, call);
    },
    async rows(ref, options, call) {
      const { found } = await load(ref, call);
      return hiveRows({ locations, label }, found, options, call);
    },
    async close() {
      await metastore.close();
      await locations.close();
    }
  };

  function missing(database: string): ProblemError {
    return new ProblemError('source-not-found', `${label} has no database ${database}. Check its name, and refresh the source.`);
  }

  return guardedSource(source, label);
}
