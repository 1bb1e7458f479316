import { readFile, realpath, stat } from 'node:fs/promises';
import { isMap, parseDocument } from 'yaml';
import { fieldOf, ProblemError } from '../../contract/problem.js';
import type { Registry } from '../plugins/registry.js';
import { replaceFile } from '../replaceFile.js';
import { onStorage } from '../storage.js';
import { faultsOf } from '../yaml/sentences.js';
import { checkSource, parseSource } from '../yaml/source.js';
import { sectionsSchema, sourceSchema } from './schema.js';
import type { ChosenSource } from './schema.js';

/** Longest line that is left as it is, rather than folded. */
const LINE = 120;

/**
 * Checks the settings of a source that stand in no file yet.
 *
 * @throws ProblemError `invalid`, each fault with its field: `host`, `password.env`
 */
export function checkSourceSettings(settings: Record<string, unknown>, registry: Registry): ChosenSource {
  const schema = sourceSchema(registry);
  const checked = schema.safeParse(settings);
  if (checked.success) return checked.data;
  const errors = checked.error.issues
    .flatMap(issue => faultsOf(issue, schema, settings))
    .map(({ path, sentence }) => ({
      field: fieldOf(path),
      message: `${sentence}${sentence.endsWith('.') ? '' : '.'}`
    }));
  throw new ProblemError('invalid', errors[0]?.message ?? 'The settings are not right.', { errors });
}

/**
 * Writes sources into the section `sources` of a configuration file; what else is in it, comments too, stays. The file
 * is made where it is not there, for its owner alone, and replaced whole or not at all.
 *
 * @throws ProblemError `invalid` where the file is not right, or would not be; `conflict` where it has one of them
 */
export async function addSource(file: string, sources: Record<string, object>, registry: Registry): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const text = await readFile(target, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new ProblemError(
      'conflict',
      `The configuration file ${file} cannot be read. Make it readable, then try again.`
    );
  });
  const schema = sectionsSchema(registry).loose();
  checkSource(parseSource(file, text), schema);
  const document = parseDocument(text);
  for (const [id, settings] of Object.entries(sources)) {
    if (document.hasIn(['sources', id])) {
      throw new ProblemError('conflict', `There is a source "${id}" in ${file} already. Choose another name.`);
    }
    if (!isMap(document.get('sources'))) document.set('sources', document.createNode({}));
    document.setIn(['sources', id], document.createNode(settings));
  }
  const changed = document.toString({ lineWidth: LINE });
  checkSource(parseSource(file, changed), schema);
  const mode = await stat(target).then(
    info => info.mode & 0o777,
    () => 0o600
  );
  await onStorage(file, () => replaceFile(target, changed, mode));
}
