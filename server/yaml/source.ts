import { readFile } from 'node:fs/promises';
import { isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node } from 'yaml';
import type * as z from 'zod';
import { ProblemError } from '../../contract/problem.js';
import { fieldOf } from '../../contract/problem.js';
import { excessOf } from './limits.js';
import { faultsOf } from './sentences.js';

/** A YAML file that was read. */
export interface Source {
  file: string;
  /** Its content as plain data; `{}` for an empty file. */
  data: unknown;
  /** The line of a place in it, from 1; that of the nearest place above where it is not there. */
  lineOf(path: readonly PropertyKey[]): number;
}

/**
 * Reads a YAML file.
 *
 * @throws ProblemError `invalid` naming file and line
 */
export async function readSource(file: string): Promise<Source> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new ProblemError(
      'invalid',
      `The configuration file ${file} cannot be read. Give the account that Lakeside runs under the right to read it.`,
      { cause: error }
    );
  });
  return parseSource(file, text);
}

/**
 * Reads the text of a YAML file.
 *
 * @throws ProblemError `invalid` naming file and line
 */
export function parseSource(file: string, text: string): Source {
  const lines = new LineCounter();
  const excess = excessOf(text);
  if (excess !== undefined) {
    const line = text.slice(0, excess.offset).split('\n').length;
    throw new ProblemError('invalid', `${file}, line ${line}: ${firstSentence(excess.sentence)}.`);
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  // A tag that is not known is a warning only, and its value then is not what was meant.
  const [broken] = [...document.errors, ...document.warnings];
  if (broken) {
    const { line } = lines.linePos(broken.pos[0]);
    throw new ProblemError('invalid', `${file}, line ${line}: this is not YAML: ${firstSentence(broken.message)}.`);
  }
  const key = strangeKey(document);
  if (key !== undefined) {
    const { line } = lines.linePos(key);
    throw new ProblemError(
      'invalid',
      `${file}, line ${line}: a key here is no text, or a name that is taken. Correct it.`
    );
  }
  const circle = circularAlias(document);
  if (circle !== undefined) {
    const { line } = lines.linePos(circle);
    throw new ProblemError('invalid', `${file}, line ${line}: an alias here holds itself. Write it out.`);
  }
  return {
    file,
    data: toData(document, file),
    lineOf: path => lines.linePos(offsetOf(document, path)).line
  };
}

/**
 * Checks what a file holds.
 *
 * @throws ProblemError `invalid`: each fault with file, line and key, the first one as the message
 */
export function checkSource<T>(source: Source, schema: z.ZodType<T>): T {
  const checked = schema.safeParse(source.data);
  if (checked.success) return checked.data;
  const errors = checked.error.issues
    .flatMap(issue => faultsOf(issue, schema, source.data))
    .sort((a, b) => Number(b.isMisspelt ?? false) - Number(a.isMisspelt ?? false))
    .map(({ path, sentence }) => ({
      field: fieldOf(path),
      message: `${source.file}, line ${source.lineOf(path)}: ${sentence}`
    }));
  throw new ProblemError('invalid', errors[0]?.message ?? `${source.file} is not right.`, { errors });
}

/** Aliases that would grow without end are an error of the file too. */
function toData(document: Document, file: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    const said = error instanceof Error ? firstSentence(error.message) : 'cannot be read';
    throw new ProblemError('invalid', `${file}: ${said}.`);
  }
}

/** Where a key stands that plain data cannot have: a list, a map, or a name that objects have for themselves. */
function strangeKey(document: Document): number | undefined {
  let found: number | undefined;
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value !== '__proto__' && !isObject(key.value)) return undefined;
      found = (key as Node | null)?.range?.[0] ?? 0;
      return visit.BREAK;
    }
  });
  return found;
}

/** Where an alias stands within what it is an alias of: data without end. */
function circularAlias(document: Document): number | undefined {
  let found: number | undefined;
  visit(document, {
    Alias(_, node, path) {
      const target = node.resolve(document);
      if (target === undefined || !path.includes(target)) return undefined;
      found = node.range?.[0] ?? 0;
      return visit.BREAK;
    }
  });
  return found;
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, key] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
      continue;
    }
    const item = document.getIn(path.slice(0, depth + 1), true) as Node | undefined;
    if (!item?.range) return offset;
    offset = item.range[0];
    node = item;
  }
  return offset;
}

function firstSentence(message: string): string {
  const sentence = (message.split('\n')[0] ?? '').replace(/[.:]$/, '');
  return sentence.length > 300 ? `${sentence.slice(0, 300)}…` : sentence;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
