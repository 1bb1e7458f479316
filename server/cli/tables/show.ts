import type { Column, TableDetail } from '../../../contract/tables/index.js';
import { ProblemError } from '../../../contract/problem.js';
import { readArguments } from '../arguments.js';
import { bytesInWords, localTime, note, plain, print, printJson, printTable } from '../output.js';
import { previewUsage, showUsage } from './usages.js';
import { tableOf, withTables, written } from './session.js';

/** Longest value that a preview prints. */
const LONGEST = 60;

/** `lakeside tables show`: all that is known of a table. */
export async function show(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' } }, { min: 1, usage: showUsage });
  const { source, ref } = tableOf(positionals[0] ?? '');
  return withTables(async (service, caller) => {
    const detail = await service.table(caller, source, ref, new AbortController().signal);
    if (values.json) printJson(detail);
    else describe(detail);
    return 0;
  });
}

function describe(detail: TableDetail): void {
  print(plain(written(detail.source, detail.schema, detail.name)));
  if (detail.comment !== undefined) print(plain(detail.comment));
  for (const [name, value] of facts(detail)) print(`  ${name.padEnd(13)} ${plain(value)}`);
  print();
  const rows = [...columnRows(detail.columns, '')];
  printTable([['COLUMN', 'TYPE', ''], ...rows.map(row => row.map(plain))]);
  for (const { message } of detail.troubles) note(plain(message));
}

function facts({ rows, bytes, type, ...detail }: TableDetail): [string, string][] {
  const count = rows && `${rows.estimated ? 'about ' : ''}${rows.count.toLocaleString('en')}`;
  const all: [string, string | undefined][] = [
    ['type', type],
    ['format', detail.format],
    ['rows', count],
    ['size', bytes === undefined ? undefined : bytesInWords(bytes)],
    ['owner', detail.owner],
    ['changed', detail.updatedAt === undefined ? undefined : localTime(detail.updatedAt)],
    ['location', detail.location],
    ['primary key', detail.primaryKey?.join(', ')],
    ['partitioned by', detail.partitionedBy?.join(', ')]
  ];
  return all.filter((pair): pair is [string, string] => pair[1] !== undefined);
}

function* columnRows(columns: readonly Column[], indent: string): Iterable<string[]> {
  for (const { name, type, nullable, comment, fields = [] } of columns) {
    const more = [nullable === false ? 'not null' : '', comment ?? ''].filter(Boolean).join(' · ');
    yield [`${indent}${name}`, type, more];
    yield* columnRows(fields, `${indent}  `);
  }
}

/** `lakeside tables preview`: the first rows of a table. */
export async function preview(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      limit: { type: 'string', default: '20' },
      partition: { type: 'string' },
      snapshot: { type: 'string' },
      json: { type: 'boolean' }
    },
    { min: 1, usage: previewUsage }
  );
  const { source, ref } = tableOf(positionals[0] ?? '');
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw new ProblemError('bad-request', '--limit is a whole number from 1 to 1000.');
  }
  const { partition, snapshot } = values;
  return withTables(async (service, caller) => {
    const query = { ...ref, limit, partition, snapshot };
    const { columns, rows, more, cut, ...rest } = await service.preview(
      caller,
      source,
      query,
      new AbortController().signal
    );
    if (values.json) {
      printJson({ columns, rows, more, cut, ...rest });
      return 0;
    }
    const lines = rows.map(row => row.map(value => (value === null ? 'NULL' : shown(String(value)))));
    printTable([columns.map(({ name }) => shown(name)), ...lines]);
    if (more) note(`The first ${rows.length} of more${cut === undefined ? '' : `, ended at ${cut}`}.`);
    return 0;
  });
}

function shown(text: string): string {
  const line = plain(text).replace(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
