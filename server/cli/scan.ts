import { resolve } from 'node:path';
import type { Client } from '../../contract/client.js';
import type { Problem } from '../../contract/problem.js';
import { routes } from '../../contract/routes.js';
import type { Finding, ScanReport } from '../../contract/share/index.js';
import { toProblem } from '../http/problem.js';
import { readArguments } from './arguments.js';
import { note, plain, print, printJson } from './output.js';
import { withSession } from './session.js';
import { scanUsage } from './usage.js';

/** What became of one file. */
type Outcome = { path: string; report: ScanReport } | { path: string; problem: Problem };

/** More files than anybody names. */
const MOST = 100_000;

/**
 * `lakeside scan`: says what looks like a secret in notebooks.
 *
 * @returns 0 all clean, 1 something was found, 2 a file could not be read
 */
export async function scan(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { json: { type: 'boolean' } },
    { min: 1, max: MOST, usage: scanUsage }
  );
  return withSession(async ({ client }) => {
    const outcomes: Outcome[] = [];
    for (const path of positionals) {
      const outcome = await scanOne(client, path);
      outcomes.push(outcome);
      if (!values.json) describe(outcome);
    }
    if (values.json) printJson({ files: outcomes.map(toJson) });
    if (outcomes.some(outcome => 'problem' in outcome)) return 2;
    return outcomes.some(outcome => 'report' in outcome && open(outcome.report).length > 0) ? 1 : 0;
  });
}

async function scanOne(client: Client, path: string): Promise<Outcome> {
  try {
    return { path, report: await client.call(routes.share.scan, { body: { path: resolve(path) } }) };
  } catch (error) {
    return { path, problem: toProblem(error).toProblem() };
  }
}

/** What nobody has said yet to be no secret. */
function open(report: ScanReport): Finding[] {
  return report.findings.filter(finding => finding.remembered === undefined);
}

function describe(outcome: Outcome): void {
  if ('problem' in outcome) {
    note(`lakeside: ${plain(outcome.path)}: ${outcome.problem.message}`);
    return;
  }
  const { findings, total } = outcome.report;
  for (const finding of findings) {
    const { label, preview, fingerprint, remembered } = finding;
    const said = remembered ? ` (not a secret: ${plain(remembered.reason)})` : '';
    print(`${plain(outcome.path)}: ${where(finding)}: ${label}: ${plain(preview)} [${fingerprint}]${said}`);
  }
  if (total > findings.length) print(`${plain(outcome.path)}: and ${total - findings.length} more`);
}

/** `cell 15, output, line 3`, counted as people count. */
function where({ cell, part, line, encoding }: Finding): string {
  const encoded = encoding === 'plain' ? '' : `, in ${encoding === 'url' ? 'URL encoding' : 'base64'}`;
  return `${cell ? `cell ${cell.index + 1}` : 'notebook'}, ${part}, line ${line}${encoded}`;
}

function toJson(outcome: Outcome): object {
  return 'problem' in outcome
    ? { path: outcome.path, problem: outcome.problem }
    : { path: outcome.path, findings: outcome.report.findings, total: outcome.report.total };
}
