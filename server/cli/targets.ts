import { ProblemError } from '../../contract/problem.js';
import { checkWiki, composeWikis } from '../composeWikis.js';
import { readConfig } from '../config.js';
import { createLog } from '../logging.js';
import type { Finding } from '../plugins/plugin.js';
import { readArguments } from './arguments.js';
import { plain, print, printJson } from './output.js';
import { targetsUsage } from './usage.js';

const signs = { ok: '✓', warning: '!', failed: '✗' } as const;

/** `lakeside targets`: the wikis of the configuration, and whether each can be used. Exit code 1 where one cannot. */
export async function targets(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { json: { type: 'boolean' } },
    { min: 1, max: 100, usage: targetsUsage }
  );
  const [verb, ...names] = positionals;
  const config = readConfig('cli');
  const surroundings = { config, log: createLog(config.logLevel, line => process.stderr.write(line)) };
  const all = (await composeWikis(surroundings)).list();
  if (verb === 'list') {
    if (values.json) printJson(all);
    else if (all.length === 0) print('No wikis. Name one in the section "targets" of the configuration file.');
    else for (const { id, label, description } of all) print(`${id}  ${plain(label)} · ${plain(description)}`);
    return 0;
  }
  if (verb !== 'test') throw new ProblemError('bad-request', `There is no "lakeside targets ${verb}". ${targetsUsage}`);
  const results = [];
  for (const name of names.length > 0 ? names : all.map(({ id }) => id)) {
    const findings = await checkWiki(surroundings, name).catch(asFinding);
    results.push({ name, findings });
    if (values.json) continue;
    for (const { state, detail, cure } of findings)
      print(`${signs[state]} ${name}  ${plain(detail)}${cure === undefined ? '' : ` ${plain(cure)}`}`);
  }
  if (values.json) printJson(results);
  return results.some(({ findings }) => findings.some(({ state }) => state === 'failed')) ? 1 : 0;
}

/** A problem of one wiki is what its test found; a name that is in no configuration is the caller's mistake. */
function asFinding(error: unknown): Finding[] {
  if (error instanceof ProblemError && error.code !== 'not-found') return [{ state: 'failed', detail: error.message }];
  throw error;
}
