import { ProblemError } from '../../../contract/problem.js';

/** The person's own files, as Jupyter's contents service keeps them. */
export interface IContentsFiles {
  /** Makes an empty notebook file with a name that is free, and gives its path. */
  create(folder: string): Promise<string>;
  /**
   * Writes text into a file.
   *
   * @param chunk - for a file in several parts: 1, 2, … and -1 for the last one
   */
  write(path: string, text: string, chunk?: number): Promise<void>;
  /** Renames a file. Nothing is ever replaced: `undefined` means that the name is taken. */
  rename(path: string, newPath: string): Promise<string | undefined>;
  remove(path: string): Promise<void>;
}

/** Parts of a file that is written in several requests, in characters. */
const PART = 8 * 1024 * 1024;
const NAMES = 1000;

/**
 * Saves a notebook among the person's files under a free name that follows its title. No file is ever replaced.
 *
 * It is written as text, not through the notebook format: the contents service would take cells that claim to be
 * trusted at their word, and this notebook is somebody else's.
 *
 * @param stream - the notebook file
 * @param folder - contents path of the folder, empty for the root
 * @returns the contents path of the copy
 */
export async function copyNotebook(
  stream: AsyncIterable<Uint8Array>,
  title: string,
  files: IContentsFiles,
  folder: string
): Promise<string> {
  const path = await files.create(folder);
  try {
    await write(stream, files, path);
    const stem = fileStem(title);
    for (let number = 1; number <= NAMES; number += 1) {
      const name = number === 1 ? `${stem}.ipynb` : `${stem} ${number}.ipynb`;
      const renamed = await files.rename(path, folder ? `${folder}/${name}` : name);
      if (renamed !== undefined) return renamed;
    }
    throw new ProblemError('conflict', `The folder has ${NAMES} copies of "${stem}" already. Choose another folder.`);
  } catch (error) {
    await files.remove(path).catch(() => undefined);
    throw error;
  }
}

/** A title as a file name without its ending: no separators, not hidden, short enough for every file system. */
export function fileStem(title: string): string {
  const clean = title
    .toWellFormed()
    // eslint-disable-next-line no-control-regex -- control characters are what it removes
    .replace(/[\u0000-\u001f\u007f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const bytes = new TextEncoder().encode(clean);
  const short = bytes.length <= 180 ? clean : new TextDecoder().decode(bytes.subarray(0, 180)).replace(/\uFFFD+$/, '');
  return short.trim() || 'Notebook';
}

async function write(stream: AsyncIterable<Uint8Array>, files: IContentsFiles, path: string): Promise<void> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  let chunk = 0;
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length < PART) continue;
    chunk += 1;
    await files.write(path, text, chunk);
    text = '';
  }
  text += decoder.decode();
  await files.write(path, text, chunk === 0 ? undefined : -1);
}
