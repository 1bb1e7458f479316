import { readFile } from 'node:fs/promises';
import { ProblemError } from '../../../contract/problem.js';

/** What the file of an authority holds, PEM. @throws ProblemError `invalid` where it cannot be read */
export async function readAuthority(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ProblemError(
      'invalid',
      `The file ${file} that ca names cannot be read. Give the file of the authority that signed the server's certificate.`,
      { cause: error }
    );
  }
}
