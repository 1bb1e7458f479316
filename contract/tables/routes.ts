import * as z from 'zod';
import { bytes, defineRoute, json } from '../route.js';
import { Preview, Profile, Schema, SearchResult, Source, SourceTest, TableDetail, TableEntry } from './records.js';
import { SchemaPath, SourceId, TableName } from './types.js';

const SourceParams = z.object({ source: SourceId });
const TableQuery = z.object({ schema: SchemaPath.default(''), table: TableName });

/** What every question to a source may end with. */
const sourceProblems = [
  'not-found',
  'source-signin',
  'source-forbidden',
  'source-not-found',
  'source-failed',
  'source-unreachable'
] as const;

/** Rows of a page of a list, and the most there may be. */
export const PAGE = 200;

export const tableRoutes = {
  sources: defineRoute({
    id: 'tables.sources',
    method: 'GET',
    path: '/tables/sources',
    summary: 'The sources of tables, each with how far its index is. Asks none of them.',
    audience: 'kernel',
    response: json(z.object({ sources: z.array(Source) })),
    errors: []
  }),
  schemas: defineRoute({
    id: 'tables.schemas',
    method: 'GET',
    path: '/tables/sources/:source/schemas',
    summary: 'The schemas of a source, from its index where there is one, else asked now.',
    audience: 'kernel',
    params: SourceParams,
    response: json(z.object({ schemas: z.array(Schema) })),
    errors: sourceProblems
  }),
  list: defineRoute({
    id: 'tables.list',
    method: 'GET',
    path: '/tables/sources/:source/tables',
    summary: 'A page of the tables of a schema by name, from the index where there is one, else asked now.',
    params: SourceParams,
    query: z.object({
      schema: SchemaPath.default(''),
      offset: z.coerce.number().int().min(0).max(100_000_000).default(0),
      limit: z.coerce.number().int().min(1).max(1000).default(PAGE)
    }),
    response: json(z.object({ tables: z.array(TableEntry), total: z.number().int() })),
    errors: sourceProblems
  }),
  names: defineRoute({
    id: 'tables.names',
    method: 'GET',
    path: '/tables/sources/:source/names',
    summary:
      'The names of all tables of a schema, one to a line, each after the letter of its type (t table, v view, m materialized view, e external); a backslash and a new line in a name are written \\\\ and \\n.',
    audience: 'kernel',
    params: SourceParams,
    query: z.object({ schema: SchemaPath.default('') }),
    response: bytes('text/plain; charset=utf-8'),
    errors: sourceProblems
  }),
  search: defineRoute({
    id: 'tables.search',
    method: 'GET',
    path: '/tables/search',
    summary: 'The tables and columns whose names fit best, from the indexes. Asks no source.',
    audience: 'kernel',
    query: z.object({
      q: z.string().max(200),
      source: SourceId.optional(),
      columns: z.stringbool().default(true),
      limit: z.coerce.number().int().min(1).max(200).default(PAGE)
    }),
    response: json(SearchResult),
    errors: ['not-found']
  }),
  table: defineRoute({
    id: 'tables.table',
    method: 'GET',
    path: '/tables/sources/:source/table',
    summary: 'All that is known of one table, and code that reads it.',
    audience: 'kernel',
    params: SourceParams,
    query: TableQuery,
    response: json(TableDetail),
    errors: sourceProblems
  }),
  preview: defineRoute({
    id: 'tables.preview',
    method: 'GET',
    path: '/tables/sources/:source/preview',
    summary: 'The first rows of a table: read only, 5 seconds and 1 MB at most.',
    params: SourceParams,
    query: TableQuery.extend({
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      /** Of one partition: `year=2013/month=9`. */
      partition: z.string().max(4096).optional(),
      /** As of one snapshot. */
      snapshot: z.string().max(100).optional()
    }),
    response: json(Preview),
    errors: sourceProblems
  }),
  profile: defineRoute({
    id: 'tables.profile',
    method: 'GET',
    path: '/tables/sources/:source/profile',
    summary: 'What the values of each column are like, in the first 10,000 rows.',
    params: SourceParams,
    query: TableQuery,
    response: json(Profile),
    errors: sourceProblems
  }),
  refresh: defineRoute({
    id: 'tables.refresh',
    method: 'POST',
    path: '/tables/sources/:source/refresh',
    summary: 'Reads the names of a source anew, in the background; `tables.sources` tells how far it is.',
    params: SourceParams,
    body: z.strictObject({}),
    response: json(Source, { status: 202 }),
    errors: ['not-found']
  }),
  test: defineRoute({
    id: 'tables.test',
    method: 'POST',
    path: '/tables/sources/test',
    summary: 'Tries a source that is not saved: what of name, port, TLS, password and rights fails.',
    body: z.strictObject({
      /** As the section `sources` of the configuration would have it: secrets by reference. */
      settings: z.record(z.string().max(100), z.unknown())
    }),
    response: json(SourceTest),
    errors: ['invalid']
  }),
  add: defineRoute({
    id: 'tables.add',
    method: 'PUT',
    path: '/tables/sources/:source',
    summary: "Writes a source into the person's own configuration file; comments in it stay.",
    params: SourceParams,
    body: z.strictObject({ settings: z.record(z.string().max(100), z.unknown()) }),
    response: json(Source, { status: 201 }),
    errors: ['conflict', 'storage-full', 'storage-read-only']
  })
};
