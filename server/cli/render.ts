import { createReadStream } from 'node:fs';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ProblemError } from '../../contract/problem.js';
import { composeRenderer } from '../compose.js';
import { readConfig } from '../config.js';
import { createLog } from '../logging.js';
import { readArguments } from './arguments.js';
import { note, progress } from './output.js';
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
  const config = readConfig('cli');
  const log = createLog(config.logLevel, line => process.stderr.write(line));
  const renderer = await composeRenderer({ config, log, programs: __dirname, poolSize: 1 });
  // Beside the target, so that the finished page only has to be renamed.
  const parent = out === undefined ? tmpdir() : dirname(out);
  const workDirectory = await mkdtemp(join(parent, '.lakeside-render-')).catch((error: unknown) => {
    throw new ProblemError('file-unreadable', `Nothing can be written in ${parent}. Choose another --out.`, {
      cause: error
    });
  });
  try {
    const page = await renderer.document(
      { kind: 'ipynb', file },
      { hideCode: values['hide-code'] ?? false, ...(values.title !== undefined && { title: values.title }) },
      { workDirectory, onProgress: (done, total) => progress(`Rendering cell ${done} of ${total}`) }
    );
    progress(undefined);
    if (out === undefined) await toStandardOutput(page.file);
    else await rename(page.file, out);
    for (const sentence of page.notes) note(sentence);
    return 0;
  } finally {
    progress(undefined);
    await renderer.close();
    await rm(workDirectory, { recursive: true, force: true });
  }
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
