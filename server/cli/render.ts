import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ProblemError } from '../../contract/problem.js';
import { readArguments } from './arguments.js';
import { note } from './output.js';
import { writePage } from './page.js';
import { renderUsage } from './usage.js';

/** `lakeside render`: the page of a notebook, to a file or to standard output. Touches no Library. */
export async function render(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      'hide-code': { type: 'boolean' },
      title: { type: 'string' },
      out: { type: 'string', short: 'o' }
    },
    { min: 1, usage: renderUsage }
  );
  const file = resolve(positionals[0] ?? '');
  await mustBeFile(file);
  const out = values.out === undefined || values.out === '-' ? undefined : resolve(values.out);
  const notes = await writePage({
    file,
    hideCode: values['hide-code'] ?? false,
    ...(values.title !== undefined && { title: values.title }),
    ...(out === undefined ? { take: toStandardOutput } : { out })
  });
  for (const sentence of notes) note(sentence);
  return 0;
}

async function mustBeFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => {
    throw new ProblemError('file-not-found', `There is no file ${file}. Check its name.`, { cause: error });
  });
  if (!found.isFile()) throw new ProblemError('file-unreadable', `${file} is not a file. Give the path of a notebook.`);
}

async function toStandardOutput(file: string): Promise<void> {
  try {
    await pipeline(createReadStream(file), process.stdout, { end: false });
  } catch (error) {
    // `lakeside render nb.ipynb | head` is no fault.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}
