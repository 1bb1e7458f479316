import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createFilesSource } from '../../../server/adapters/source-files/index.js';
import type { FilesSettings } from '../../../server/adapters/source-files/settings.js';
import type { PluginSurroundings } from '../../../server/plugins/plugin.js';
import type { SourceCall, TableSource } from '../../../server/tables/ports.js';
import type { TableEntry } from '../../../contract/tables/index.js';

/** Runs a script of Python that writes into a new folder. Whoever asks removes it. */
export function madeBy(script: string): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'lakeside-lake-'));
  execFileSync(resolve('.venv/bin/python'), [resolve(script), folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  return folder;
}

/** What a plug-in gets in tests: secrets are the texts of variables. */
export function lakeSurroundings(secrets: Record<string, string> = {}): PluginSurroundings {
  return {
    log: { debug() {}, info() {}, warn() {}, error() {} },
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      sleep: (milliseconds: number) => new Promise(done => setTimeout(done, milliseconds))
    },
    readSecret: async reference => ('env' in reference ? (secrets[reference.env] ?? '') : ''),
    cacheDirectory: tmpdir(),
    label: 'The lake',
    settings: 'sources.lake in config.yml'
  };
}

export function filesSource(settings: FilesSettings): Promise<TableSource> {
  return createFilesSource(settings, lakeSurroundings({ KEY: 'lakeside', SECRET: 'lakeside-secret' }));
}

/** A question that ends after a while. */
export function asking(milliseconds = 20_000): SourceCall {
  return { signal: AbortSignal.timeout(milliseconds) };
}

/** All names of a schema, in order. */
export async function namesOf(source: TableSource, schema = ''): Promise<string[]> {
  const entries: TableEntry[] = [];
  for await (const some of source.names(schema, asking())) entries.push(...some);
  return entries.map(({ name }) => name).sort();
}

/** The first rows as objects. */
export async function objectsOf(
  source: TableSource,
  table: string,
  options: { schema?: string; limit?: number; maxBytes?: number; partition?: string; snapshot?: string } = {}
): Promise<Record<string, unknown>[]> {
  const { schema = '', limit = 100, maxBytes = 1024 * 1024, ...rest } = options;
  const { columns, rows } = await source.rows({ schema, table }, { limit, maxBytes, ...rest }, asking());
  return rows.map(row => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])));
}
