import { open } from 'node:fs/promises';
import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';

/** Larger files are looked at by the runner alone, which reads them anyway. Bytes. */
const LOOKED_AT = 32 * 2 ** 20;

const Notebook = z.looseObject({ nbformat: z.number(), cells: z.array(z.unknown()).optional() });

/**
 * Looks whether a file is a notebook at all.
 *
 * @throws ProblemError `not-a-notebook`
 */
export async function checkNotebook(file: string, name: string): Promise<void> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    if (size > LOOKED_AT) return;
    const text = await handle.readFile('utf8');
    if (Notebook.safeParse(jsonOf(text)).success) return;
  } finally {
    await handle.close();
  }
  throw new ProblemError('not-a-notebook', `${name} is not a notebook. Name the .ipynb file of one.`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
