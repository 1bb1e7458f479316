import { ProblemError } from '../../contract/problem.js';
import { composeSources } from '../composeTables.js';
import { readConfig } from '../config.js';
import type { Config } from '../config.js';
import { createLog } from '../logging.js';
import type { Finding } from '../plugins/plugin.js';
import type { Log } from '../ports.js';
import { readArguments } from './arguments.js';
import { plain, print, printJson } from './output.js';
import { inTime, signs } from './targetTests.js';
import { sourcesUsage } from './usage.js';

/** How long a source may take to show that it can be used, in milliseconds. */
const PATIENCE = 10_000;

/** What the tables of a command are composed of. */
export interface Around {
  config: Config;
  log: Log;
  programs: string;
}

/** `lakeside sources`: the sources of tables, and whether each can be used. Exit code 1 where one cannot. */
export async function sources(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { json: { type: 'boolean' } },
    { min: 1, max: 100, usage: sourcesUsage }
  );
  const [verb, ...names] = positionals;
  const config = readConfig('cli');
  const around = { config, log: createLog(config.logLevel, line => process.stderr.write(line)), programs: __dirname };
  if (verb === 'list' && names.length === 0) return list(around, values.json === true);
  if (verb !== 'test') throw new ProblemError('bad-request', `There is no "lakeside sources ${verb}". ${sourcesUsage}`);
  const results = await testSources(around, names);
  if (values.json) printJson(results);
  for (const { name, findings } of values.json ? [] : results)
    for (const { state, detail, cure } of findings)
      print(`${signs[state]} ${name}  ${plain(detail)}${cure === undefined ? '' : ` ${plain(cure)}`}`);
  return results.some(({ findings }) => findings.some(({ state }) => state === 'failed')) ? 1 : 0;
}

async function list(around: Around, isJson: boolean): Promise<number> {
  const all = await composeSources({ ...around, notebooks: notebooksHere(around.config) }).list();
  if (isJson) printJson(all.map(({ fingerprint: _, ...source }) => source));
  else if (all.length === 0) {
    print('No sources. Name one in the section "sources" of the configuration file, or make a folder "lake".');
  }
  for (const { id, label, kind, description } of isJson ? [] : all)
    print(`${id}  ${plain(label)} · ${kind} · ${plain(description)}`);
  return 0;
}

/** Tries sources side by side, all of them where none is named, each within its time. */
export async function testSources(
  around: Around,
  names: readonly string[] = []
): Promise<{ name: string; findings: Finding[] }[]> {
  const composed = composeSources({ ...around, notebooks: notebooksHere(around.config) });
  const wanted = names.length > 0 ? names : (await composed.list()).map(({ id }) => id);
  return Promise.all(
    wanted.map(async name => ({ name, findings: await inTime(signal => composed.check(name, signal), PATIENCE) }))
  );
}

/** Where the folder of the embedded source lies for a command. */
export function notebooksHere({ variable }: Config): string {
  return variable('LAKESIDE_ROOT') ?? process.cwd();
}
