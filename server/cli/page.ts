import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ProblemError } from '../../contract/problem.js';
import { composeRenderer } from '../compose.js';
import { readConfig } from '../config.js';
import { createLog } from '../logging.js';
import { progress } from './output.js';

/** How a page is made, and where it goes. */
export interface PageOptions {
  /** The notebook, absolute. */
  file: string;
  hideCode: boolean;
  title?: string;
  /** The file it becomes, absolute; where there is none, `take` gets it. */
  out?: string;
  /** Takes a page that goes to no file. It is gone afterwards. */
  take?: (file: string) => Promise<void>;
}

/**
 * Renders a notebook as one page. A file is there whole or as it was before. Touches no Library.
 *
 * @returns sentences on what the page leaves out
 * @throws ProblemError
 */
export async function writePage({ file, hideCode, title, out, take }: PageOptions): Promise<readonly string[]> {
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
      { hideCode, ...(title !== undefined && { title }) },
      { workDirectory, onProgress: (done, total) => progress(`Rendering cell ${done} of ${total}`) }
    );
    progress(undefined);
    if (out !== undefined) await rename(page.file, out);
    await take?.(page.file);
    return page.notes;
  } finally {
    progress(undefined);
    await renderer.close();
    await rm(workDirectory, { recursive: true, force: true });
  }
}
