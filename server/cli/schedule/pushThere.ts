import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import { composeClone, composeForge } from '../../composePush.js';
import { readConfig } from '../../config.js';
import { forgeNames } from '../../schedule/push/address.js';
import type { ForgeName } from '../../schedule/push/address.js';
import type { ProposedFile, Repository } from '../../schedule/push/ports.js';
import { propose } from '../../schedule/push/propose.js';
import type { Proposed } from '../../schedule/push/propose.js';
import { note, plain, print, printJson, progress } from '../output.js';
import { withSession } from '../session.js';
import { notebooksOf, passGate } from './gate.js';
import { pathBelow } from './files.js';
import type { CheckedFile } from './files.js';

export interface ThereOptions {
  remote: string;
  base: string | undefined;
  branch: string | undefined;
  title: string | undefined;
  forge: string | undefined;
  harmless: readonly string[];
  reason: string | undefined;
  isDry: boolean;
  isJson: boolean;
}

/** Proposes files and the notebooks they name as a branch of a git remote, after the secret gate. */
export async function pushThere(files: readonly CheckedFile[], options: ThereOptions): Promise<number> {
  const { remote, base, branch, title, harmless, reason, isDry, isJson } = options;
  const wanted = forgeNamed(options.forge);
  const config = readConfig('cli');
  const clone = await composeClone(config, await realpath(resolve(files[0]?.file ?? '.')));
  const address = await clone.address(remote);
  const proposed = await proposedFiles(clone, files);
  const remarks = await withSession(({ client }) => passGate(client, files, { harmless, reason }));
  progress(`Pushing to ${plain(remote)}`);
  const specs = files.flatMap(({ schedules }) => schedules.flatMap(({ spec }) => spec ?? []));
  const proposal = { remote, base, branch, title, files: proposed, specs, remarks, isDry };
  const result = await propose(clone, proposal, composeForge(config, address, wanted)).finally(() =>
    progress(undefined)
  );
  if (isJson) printJson(result);
  else describe(result, remote);
  return 0;
}

function forgeNamed(text: string | undefined): ForgeName | undefined {
  const name = forgeNames.find(known => known === text);
  if (text === undefined || name !== undefined) return name;
  throw new ProblemError('bad-request', `--forge takes ${forgeNames.join(', ')}, not "${plain(text)}".`);
}

/** All must lie in the clone, also by what links lead to. */
async function proposedFiles({ top }: Repository, files: readonly CheckedFile[]): Promise<ProposedFile[]> {
  const all = [...files.map(({ file }) => resolve(file)), ...notebooksOf(files)];
  return Promise.all(
    all.map(async given => {
      const file = await realpath(given);
      const path = pathBelow(top, file);
      if (path !== undefined) return { path, file };
      throw new ProblemError('path-refused', `${given} does not lie in the clone ${top}. Move it there.`);
    })
  );
}

function describe({ outcome, base, branch = '', changed, address, note: said }: Proposed, remote: string): void {
  const words = {
    unchanged: `Nothing to push: ${base} of ${remote} has all of it already.`,
    pushed: `Pushed ${branch} to ${remote}, to be merged into ${base}`,
    known: `${branch} is there already at ${remote}, to be merged into ${base}`,
    'would push': `Would push ${branch} to ${remote}, to be merged into ${base}`
  }[outcome];
  print(plain(words));
  for (const path of changed) print(`  ${plain(path)}`);
  if (said !== undefined) note(plain(said));
  if (address !== undefined) print(plain(address));
}
