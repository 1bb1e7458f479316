import { ProblemError } from '../../contract/problem.js';
import { composeWikis } from '../composeWikis.js';
import { readConfig } from '../config.js';
import { createLog } from '../logging.js';
import { policyInWords } from '../share/wiki/policy.js';
import { readArguments } from './arguments.js';
import { plain, print, printJson } from './output.js';
import { signs, testTarget } from './targetTests.js';
import { targetsUsage } from './usage.js';

/** `lakeside targets`: the wikis of the configuration, and whether each can be used. Exit code 1 where one cannot. */
export async function targets(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { json: { type: 'boolean' } },
    { min: 1, max: 100, usage: targetsUsage }
  );
  const [verb, ...names] = positionals;
  const config = readConfig('cli');
  const log = createLog(config.logLevel, line => process.stderr.write(line));
  const wikis = await composeWikis({ config, log, programs: __dirname });
  const all = wikis.list();
  if (verb === 'list') {
    if (values.json) printJson(all);
    else if (all.length === 0) print('No wikis. Name one in the section "targets" of the configuration file.');
    for (const { id, label, description, policy } of values.json ? [] : all)
      print(`${id}  ${plain(label)} · ${plain(description)}${policy ? ` · ${plain(policyInWords(policy))}` : ''}`);
    return 0;
  }
  if (verb !== 'test') throw new ProblemError('bad-request', `There is no "lakeside targets ${verb}". ${targetsUsage}`);
  try {
    const wanted = names.length > 0 ? names : all.map(({ id }) => id);
    const results = await Promise.all(wanted.map(async name => ({ name, findings: await testTarget(wikis, name) })));
    if (values.json) printJson(results);
    for (const { name, findings } of values.json ? [] : results)
      for (const { state, detail, cure } of findings)
        print(`${signs[state]} ${name}  ${plain(detail)}${cure === undefined ? '' : ` ${plain(cure)}`}`);
    return results.some(({ findings }) => findings.some(({ state }) => state === 'failed')) ? 1 : 0;
  } finally {
    await wikis.close();
  }
}
