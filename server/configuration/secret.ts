import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import * as z from 'zod';
import { ProblemError } from '../../contract/problem.js';

const reference = 'must say where the secret is, {env: NAME} or {file: /path}, never the secret itself';

/** A secret by reference: the name of a variable, or the absolute path of a file that holds nothing else. */
export const Secret = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable') }),
    z.strictObject({ file: z.string().refine(isAbsolute, 'must be an absolute path') })
  ],
  reference
);
export type Secret = z.infer<typeof Secret>;

export interface SecretSources {
  /** The value of a variable of the environment. */
  variable: (name: string) => string | undefined;
  /** Told of every secret before anybody gets it. */
  register: (secret: string) => void;
}

/**
 * Makes the one function that reads secrets.
 *
 * @throws ProblemError `invalid`, naming the reference and never what is in it
 */
export function createSecretReader({ variable, register }: SecretSources): (secret: Secret) => Promise<string> {
  return async secret => {
    const value = 'env' in secret ? (variable(secret.env) ?? '') : await readSecretFile(secret.file);
    if (value === '') {
      throw new ProblemError(
        'invalid',
        'env' in secret
          ? `The configuration takes a secret from the variable ${secret.env}, which is not set. Set it where Jupyter or the command is started.`
          : `The configuration takes a secret from ${secret.file}, which is empty. Write the secret into it.`
      );
    }
    register(value);
    return value;
  };
}

async function readSecretFile(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'which does not exist' : 'which cannot be read';
    throw new ProblemError(
      'invalid',
      `The configuration takes a secret from ${file}, ${reason}. Make the file, readable for the account that Lakeside runs under.`,
      { cause: error }
    );
  }
}
