import { link, open, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ProblemError } from '../../contract/problem.js';
import { routes } from '../../contract/routes.js';
import { readArguments } from './arguments.js';
import { findNotebook, findVersion } from './notebookId.js';
import { localTime, plain, print, printJson } from './output.js';
import { withSession } from './session.js';

/** `lakeside library fork`: a copy as a notebook of its own. Never overwrites a file. */
export async function fork(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { version: { type: 'string' }, out: { type: 'string', short: 'o' }, json: { type: 'boolean' } },
    { min: 1, usage: 'lakeside library fork ID [--version N] [--out FILE] [--json]' }
  );
  return withSession(async ({ client }) => {
    const notebook = await findNotebook(client, positionals[0] ?? '');
    const version = values.version === undefined ? undefined : findVersion(notebook, values.version);
    const bytes = await client.call(routes.library.notebook, {
      params: { notebookId: notebook.notebookId, versionId: version?.versionId ?? 'latest' },
      query: { fork: 'true' }
    });
    const file = await writeNew(values.out, bytes.download ?? 'notebook.ipynb', bytes.stream);
    if (values.json)
      printJson({ file, notebookId: notebook.notebookId, versionId: version?.versionId ?? notebook.versionId });
    else print(file);
    return 0;
  });
}

/** Writes a file that did not exist: the name asked for, or the next free one. A failure leaves nothing behind. */
async function writeNew(out: string | undefined, name: string, stream: AsyncIterable<Uint8Array>): Promise<string> {
  const stem = name.replace(/\.ipynb$/, '');
  const folder = dirname(resolve(out ?? '.', out === undefined ? 'x' : ''));
  const temporary = join(folder, `.lakeside-fork-${process.pid}`);
  try {
    await writeDurably(temporary, stream);
    for (let count = 0; ; count++) {
      const file = resolve(out ?? (count === 0 ? `${stem}.ipynb` : `${stem}-${count}.ipynb`));
      try {
        await link(temporary, file);
        return file;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        if (out !== undefined) throw new ProblemError('conflict', `${file} exists already. Choose another --out.`);
      }
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError('file-unreadable', `Nothing can be written in ${folder}. Choose another --out.`, {
      cause: error
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeDurably(file: string, stream: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await open(file, 'w', 0o644);
  try {
    await handle.writeFile(stream);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** `lakeside library delete`: takes a notebook out of the Library, restorable for 30 days. */
export async function remove(args: readonly string[]): Promise<number> {
  return change(args, 'delete');
}

/** `lakeside library restore`. */
export async function restore(args: readonly string[]): Promise<number> {
  return change(args, 'restore');
}

async function change(args: readonly string[], verb: 'delete' | 'restore'): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { json: { type: 'boolean' } },
    { min: 1, usage: `lakeside library ${verb} ID [--json]` }
  );
  return withSession(async ({ client }) => {
    const { notebookId } = await findNotebook(client, positionals[0] ?? '');
    const notebook = await client.call(routes.library[verb], { params: { notebookId } });
    if (values.json) printJson(notebook);
    else if (verb === 'restore') print(`Restored: ${plain(notebook.title)}`);
    else
      print(
        `Deleted: ${plain(notebook.title)}. Until ${localTime(notebook.purgeAt ?? '')}: lakeside library restore ${notebookId}`
      );
    return 0;
  });
}
