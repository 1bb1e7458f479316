import { pathOf } from '../../../contract/tables/index.js';
import type { Hit, TableEntry } from '../../../contract/tables/index.js';
import type { Caller } from '../../ports.js';
import type { TableService } from '../../tables/service.js';
import { readArguments } from '../arguments.js';
import { localTime, note, plain, print, printJson, printTable } from '../output.js';
import { ProblemError } from '../../../contract/problem.js';
import { lsUsage, searchUsage } from './usages.js';
import { placeOf, untilRead, withTables, written } from './session.js';
import type { Place } from './session.js';

/** Tables that are asked for at a time. */
const PAGE = 1000;

/** `lakeside tables ls`: sources, the schemas of one, or the tables of a schema. */
export async function list(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { json: { type: 'boolean' } },
    { min: 0, max: 1, usage: lsUsage }
  );
  return withTables(async (service, caller) => {
    const [text] = positionals;
    const isJson = values.json === true;
    if (text === undefined) return listSources(service, caller, isJson);
    const place = placeOf(text);
    const schemas = place.levels.length === 0 ? await service.schemas(caller, place.source) : [];
    // One whose tables lie in it directly has nothing to choose from.
    const isFlat = place.levels.length > 0 || (schemas.length === 1 && schemas[0]?.schema === '');
    if (isFlat) return listTables(service, caller, place, isJson);
    if (isJson) printJson(schemas);
    for (const { schema, tables, trouble } of isJson ? [] : schemas) {
      const count = trouble?.message ?? (tables === undefined ? '' : `${tables.toLocaleString('en')} tables`);
      print(plain(`${written(place.source, schema)}  ${count}`.trimEnd()));
    }
    return 0;
  });
}

async function listSources(service: TableService, caller: Caller, isJson: boolean): Promise<number> {
  const all = await untilRead(service, caller);
  if (isJson) {
    printJson(all);
    return 0;
  }
  if (all.length === 0) print('No sources. See: lakeside sources list');
  const rows = all.map(({ id, label, index }) => [
    id,
    plain(label),
    index.trouble?.message ??
      `${index.tables.toLocaleString('en')} tables in ${index.schemas.toLocaleString('en')} schemas`
  ]);
  if (rows.length > 0) printTable([['NAME', 'LABEL', 'TABLES'], ...rows.map(row => row.map(plain))]);
  return 0;
}

async function listTables(
  service: TableService,
  caller: Caller,
  { source, levels }: Place,
  isJson: boolean
): Promise<number> {
  const schema = pathOf(levels);
  const all: TableEntry[] = [];
  for (let total = 1; all.length < total;) {
    const page = await service.list(caller, source, { schema, offset: all.length, limit: PAGE });
    if (page.tables.length === 0) break;
    total = page.total;
    all.push(...page.tables);
  }
  if (isJson) printJson(all);
  for (const { name, type } of isJson ? [] : all) {
    print(plain(`${written(source, schema, name)}${type === 'table' ? '' : `  ${type}`}`));
  }
  return 0;
}

/** `lakeside tables search`: tables and columns by their names. */
export async function search(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      source: { type: 'string' },
      'no-columns': { type: 'boolean' },
      limit: { type: 'string', default: '50' },
      json: { type: 'boolean' }
    },
    { min: 1, max: 20, usage: searchUsage }
  );
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
    throw new ProblemError('bad-request', '--limit is a whole number from 1 to 200.');
  }
  return withTables(async (service, caller) => {
    const sources = await untilRead(service, caller);
    const query = { q: positionals.join(' '), source: values.source, columns: values['no-columns'] !== true, limit };
    const found = await service.search(caller, query);
    for (const { label, index } of sources) {
      if (index.trouble !== undefined) note(plain(`${label}: ${index.trouble.message}`));
    }
    if (values.json) printJson(found);
    for (const hit of values.json ? [] : found.hits) print(plain(hitLine(hit)));
    if (!values.json && found.total > found.hits.length) {
      note(`The first ${found.hits.length} of ${found.total.toLocaleString('en')}.`);
    }
    if (!values.json && found.hits.length === 0) {
      note(`Nothing${found.asOf === undefined ? '' : `, as of ${localTime(found.asOf)}`}.`);
    }
    return 0;
  });
}

function hitLine({ source, schema, table, column }: Hit): string {
  const place = written(source, schema, table);
  return column === undefined ? place : `${place}  ${column.name}  ${column.type}`;
}
