import * as z from 'zod';
import { levelsOf, pathOf, type TableEntry } from '../../../contract/tables/index.js';
import { ProblemError } from '../../../contract/problem.js';
import type { Finding, PluginSurroundings } from '../../plugins/plugin.js';
import type { SourceCall, SourceSchema, TableSource } from '../../tables/ports.js';
import { icebergFacts } from '../common/iceberg/facts.js';
import { withPartitions } from '../common/iceberg/folder.js';
import { icebergRows } from '../common/iceberg/rows.js';
import { guardedSource } from '../common/guarded.js';
import { inParallel } from '../common/lake/files.js';
import { createLocations } from '../common/lake/locations.js';
import { noSuchTable, troubleOf } from '../common/lake/problems.js';
import { RestCatalog } from './catalog.js';
import type { IcebergSettings } from './settings.js';
import { loadTable } from './tables.js';
import { viewFacts } from './views.js';

const Next = { 'next-page-token': z.string().nullish() };
const Namespaces = z.object({ namespaces: z.array(z.array(z.string())), ...Next });
const Identifiers = z.object({ identifiers: z.array(z.object({ name: z.string() })), ...Next });

/** Namespaces that are looked into, how deep, and how many at once. */
const MOST_NAMESPACES = 5_000;
const DEEPEST = 12;
const AT_ONCE = 2;

const VIEWS = 'GET /v1/{prefix}/namespaces/{namespace}/views';

/** Tables of an Iceberg REST catalogue. */
export function createIcebergSource(settings: IcebergSettings, surroundings: PluginSurroundings): TableSource {
  const label = surroundings.label ?? 'The catalogue';
  const catalog = new RestCatalog(settings, surroundings, label);
  const locations = createLocations(settings.data, surroundings, label);

  async function children(levels: readonly string[], call: SourceCall): Promise<string[][]> {
    const path = `${await catalog.prefix(call)}namespaces`;
    const query: Record<string, string> = levels.length === 0 ? {} : { parent: await catalog.parent(levels, call) };
    const what = levels.length === 0 ? 'list of namespaces' : `namespace ${levels.join('.')}`;
    const found: string[][] = [];
    for await (const { namespaces } of catalog.pages(Namespaces, path, what, call, query)) found.push(...namespaces);
    // A server that knows no nesting answers with all again.
    return found.filter(each => each.length === levels.length + 1 && levels.every((level, at) => each[at] === level));
  }

  async function schemas(call: SourceCall): Promise<SourceSchema[]> {
    const found: SourceSchema[] = [];
    let round = await children([], call);
    for (let depth = 1; round.length > 0 && depth <= DEEPEST && found.length < MOST_NAMESPACES; depth++) {
      const inner = await inParallel(round, AT_ONCE, async levels => {
        try {
          const below = await children(levels, call);
          found.push({ schema: pathOf(levels) });
          return below;
        } catch (error) {
          if (!(error instanceof ProblemError) || error.code === 'source-unreachable') throw error;
          // Where nothing is said of what is below, the tables in it may be told all the same.
          found.push({
            schema: pathOf(levels),
            ...(error.code === 'source-forbidden' && { trouble: troubleOf(error) })
          });
          return [];
        }
      });
      round = inner.flat();
    }
    return found;
  }

  async function* names(schema: string, call: SourceCall): AsyncGenerator<readonly TableEntry[]> {
    const levels = levelsOf(schema);
    const what = `namespace ${levels.join('.')}`;
    const kinds = [['tables', 'table']] as ['tables' | 'views', 'table' | 'view'][];
    if (await catalog.can(VIEWS, call)) kinds.push(['views', 'view']);
    for (const [part, type] of kinds) {
      const path = await catalog.path(call, levels, part);
      for await (const { identifiers } of catalog.pages(Identifiers, path, what, call))
        yield identifiers.map(({ name }): TableEntry => ({ name, type }));
    }
  }

  const source: TableSource = {
    async check(call): Promise<Finding[]> {
      const found = await children([], call);
      const count = `${found.length} ${found.length === 1 ? 'namespace' : 'namespaces'}`;
      const signed = settings.token || settings.oauth ? 'accepts the sign-in and' : 'can be reached and';
      return found.length === 0
        ? [
            {
              state: 'warning',
              detail: `${label} ${signed} shows no namespace.`,
              cure: `Check warehouse of ${surroundings.settings}, and the rights of this identity.`
            }
          ]
        : [{ state: 'ok', detail: `${label} ${signed} shows ${count}.` }];
    },
    schemas,
    names,
    async facts({ schema, table: name }, call) {
      const levels = levelsOf(schema);
      if (name.includes('\0')) throw noSuchTable(label, name);
      try {
        const { metadata, files } = await loadTable(catalog, locations, { levels, name }, call);
        const facts = icebergFacts(metadata, { kind: 'iceberg', identifier: [...levels, name] });
        return await withPartitions(facts, files, metadata, call);
      } catch (error) {
        const isGone = error instanceof ProblemError && error.code === 'source-not-found';
        if (!isGone || !(await catalog.can(VIEWS, call))) throw error;
        return viewFacts(catalog, { levels, name }, call);
      }
    },
    async rows({ schema, table: name }, options, call) {
      const levels = levelsOf(schema);
      if (name.includes('\0')) throw noSuchTable(label, name);
      const load = (all: boolean) => loadTable(catalog, locations, { levels, name, all }, call);
      let { metadata, files } = await load(false);
      const { snapshot } = options;
      if (snapshot !== undefined && !metadata.snapshots?.some(each => each['snapshot-id'] === snapshot))
        ({ metadata, files } = await load(true));
      return icebergRows(files, metadata, options, call);
    },
    async close() {
      catalog.close();
      await locations.close();
    }
  };
  return guardedSource(source, label);
}
