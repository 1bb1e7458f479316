import { readFileSync } from 'node:fs';
import { ProblemError } from '../../../../contract/problem.js';

/** Reads a library of scripts. @throws ProblemError `render-failed` where a part of the installation is missing */
export function readScript(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ProblemError('render-failed', `A part of Lakeside is missing (${file}). Install it again.`, {
      cause: error
    });
  }
}
