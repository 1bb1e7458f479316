import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../../../contract/client.js';
import { ProblemError } from '../../../contract/problem.js';
import type { FieldError } from '../../../contract/problem.js';
import { routes } from '../../../contract/routes.js';
import type { Finding } from '../../../contract/share/index.js';
import { plain } from '../output.js';
import type { CheckedFile } from './files.js';

/** What a person says of findings, by their ids. */
export interface Said {
  harmless: readonly string[];
  reason: string | undefined;
}

/**
 * Looks for secrets in files of schedules and their notebooks before they leave this machine.
 *
 * @returns sentences on what was said to be no secret, without the secrets
 * @throws ProblemError `forbidden` naming each finding that nobody decided
 */
export async function passGate(client: Client, files: readonly CheckedFile[], said: Said): Promise<string[]> {
  if (said.harmless.length > 0 && said.reason === undefined) {
    throw new ProblemError('bad-request', 'Say why with --reason: it is written into the commit.');
  }
  const errors: FieldError[] = [];
  const remarks: string[] = [];
  const judge = (name: string, findings: readonly Finding[], where: (finding: Finding) => string): void => {
    for (const finding of findings) {
      const { fingerprint, label, preview, remembered } = finding;
      const place = `${name}, ${where(finding)}`;
      const reason = said.harmless.includes(fingerprint) ? said.reason : remembered?.reason;
      if (reason !== undefined) remarks.push(`${label} in ${place}: ${reason}`);
      else errors.push({ field: place, message: `${label}: ${plain(preview)} [${fingerprint}]` });
    }
  };
  for (const { file, text } of files) judge(file, await scanText(client, text), ({ line }) => `line ${line}`);
  for (const path of notebooksOf(files)) {
    const { findings } = await client.call(routes.share.scan, { body: { path } });
    judge(
      path,
      findings,
      ({ cell, part, line }) => `${cell ? `cell ${cell.index + 1}` : 'notebook'}, ${part}, line ${line}`
    );
  }
  if (errors.length === 0) return remarks;
  const count = `${errors.length} ${errors.length === 1 ? 'place looks like a secret' : 'places look like secrets'}`;
  const message = `${count}; nothing was pushed. Take them out, or say --not-a-secret ID --reason R.`;
  // The first of a problem's errors is told by its message.
  throw new ProblemError('forbidden', message, { errors: [{ field: '', message }, ...errors] });
}

/** The notebooks that files name, each once, absolute. */
export function notebooksOf(files: readonly CheckedFile[]): string[] {
  const all = files.flatMap(({ schedules }) => schedules.flatMap(({ notebook }) => notebook ?? []));
  return [...new Set(all)];
}

/** The gate reads notebooks: a text goes through it as the one cell of one. */
async function scanText(client: Client, text: string): Promise<readonly Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lakeside-gate-'));
  try {
    const path = join(folder, 'file.ipynb');
    const cells = [{ cell_type: 'raw', id: 'file', metadata: {}, source: text }];
    await writeFile(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }), { mode: 0o600 });
    return (await client.call(routes.share.scan, { body: { path } })).findings;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
