import { ProblemError } from '../../../contract/problem.js';
import { levelsOf, pathOf } from '../../../contract/tables/index.js';
import type { SchemaPath, Source, TableRef } from '../../../contract/tables/index.js';
import { composeTables } from '../../composeTables.js';
import { readConfig } from '../../config.js';
import { createLog } from '../../logging.js';
import type { Caller } from '../../ports.js';
import type { TableService } from '../../tables/service.js';
import { progress } from '../output.js';
import { loginName } from '../session.js';
import { notebooksHere } from '../sources.js';

/** How long a command waits for names to be read, and how often it looks. Milliseconds. */
const PATIENCE = 60_000;
const LOOK = 100;

/** Runs a command with the tables of this machine. */
export async function withTables<T>(use: (service: TableService, caller: Caller) => Promise<T>): Promise<T> {
  const config = readConfig('cli');
  const log = createLog(config.logLevel, line => process.stderr.write(line));
  const composed = composeTables({ config, log, programs: __dirname, notebooks: notebooksHere(config) });
  try {
    return await use(await composed.service(), { name: loginName(), groups: [], via: 'cli' });
  } finally {
    await composed.close();
  }
}

/** Waits until the names of all sources were read, or it takes too long. @returns the sources as they are then */
export async function untilRead(service: TableService, caller: Caller): Promise<Source[]> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const all = await service.sources(caller);
    const busy = all.filter(({ index }) => index.state === 'building' || index.state === 'none');
    progress(busy.length === 0 ? undefined : `Reading the names of ${busy.map(({ label }) => label).join(', ')} …`);
    if (busy.length === 0 || performance.now() > end) {
      progress(undefined);
      return all;
    }
    await new Promise(resolve => setTimeout(resolve, LOOK));
  }
}

/** A place as a command writes it: `lake/flights`. */
export interface Place {
  source: string;
  levels: string[];
}

/** @throws ProblemError `bad-request` where there is no name of a source */
export function placeOf(text: string): Place {
  const [source = '', ...levels] = text.split('/').map(part => part.replace(/%2F/gi, '/').replace(/%25/g, '%'));
  if (source === '') throw new ProblemError('bad-request', `"${text}" names no source. Write SOURCE/SCHEMA/TABLE.`);
  return { source, levels };
}

/** @throws ProblemError `bad-request` where it names no table */
export function tableOf(text: string): { source: string; ref: TableRef } {
  const { source, levels } = placeOf(text);
  const table = levels.at(-1) ?? '';
  if (table === '') throw new ProblemError('bad-request', `"${text}" names no table. Write SOURCE/SCHEMA/TABLE.`);
  return { source, ref: { schema: pathOf(levels.slice(0, -1)), table } };
}

/** A place as a command takes it. */
export function written(source: string, schema: SchemaPath, ...more: string[]): string {
  return [source, ...levelsOf(schema), ...more]
    .map(part => part.replaceAll('%', '%25').replaceAll('/', '%2F'))
    .join('/');
}
