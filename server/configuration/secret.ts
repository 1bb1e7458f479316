import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import * as z from 'zod';
import { ProfileId } from '../../contract/credentials/types.js';
import { ProblemError } from '../../contract/problem.js';

const fromVariable = z.strictObject({
  env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable')
});
const fromFile = z.strictObject({ file: z.string().refine(isAbsolute, 'must be an absolute path') });
const fromProfile = z.strictObject({ credential: ProfileId });

/** A secret by reference: a variable, the absolute path of a file that holds nothing else, a profile of credentials. */
export const Secret = z.union(
  [fromVariable, fromFile, fromProfile],
  'must say where the secret is, {env: NAME}, {file: /path} or {credential: PROFILE}, never the secret itself'
);
export type Secret = z.infer<typeof Secret>;

/** A secret of a profile of credentials itself, which cannot come from another one. */
export const OwnSecret = z.union(
  [fromVariable, fromFile],
  'must say where the secret is, {env: NAME} or {file: /path}, never the secret itself'
);
export type OwnSecret = z.infer<typeof OwnSecret>;

/** A secret, and who signs in with it where its profile says so. */
export interface Account {
  user?: string | undefined;
  secret: string;
}

export interface SecretSources {
  /** The value of a variable of the environment. */
  variable: (name: string) => string | undefined;
  /** Told of every secret before anybody gets it. */
  register: (secret: string) => void;
  /**
   * What a profile of credentials gives now. Absent: nothing here may refer to one.
   *
   * @throws ProblemError `credential-signin` where nobody is signed in, `invalid` where there is no such profile
   */
  account?: (profile: string) => Promise<Account>;
}

/**
 * Makes the one function that reads secrets.
 *
 * @throws ProblemError `invalid`, naming the reference and never what is in it; `credential-signin`
 */
export function createSecretReader(sources: SecretSources): (secret: Secret) => Promise<string> {
  const read = createAccountReader(sources);
  return async reference => (await read(reference)).secret;
}

/** The same, with the user that a profile names. */
export function createAccountReader(sources: SecretSources): (secret: Secret) => Promise<Account> {
  const { variable, register } = sources;
  return async reference => {
    if ('credential' in reference) return fromCredentials(reference.credential, sources);
    const value = 'env' in reference ? (variable(reference.env) ?? '') : await readSecretFile(reference.file);
    if (value === '') {
      throw new ProblemError(
        'invalid',
        'env' in reference
          ? `The configuration takes a secret from the variable ${reference.env}, which is not set. Set it where Jupyter or the command is started.`
          : `The configuration takes a secret from ${reference.file}, which is empty. Write the secret into it.`
      );
    }
    register(value);
    return { secret: value };
  };
}

async function fromCredentials(profile: string, { account, register }: SecretSources): Promise<Account> {
  if (account === undefined) {
    throw new ProblemError(
      'invalid',
      `A profile of credentials cannot take its own secret from the profile ${profile}. Refer to it by {env: NAME} or {file: /path}.`
    );
  }
  const given = await account(profile);
  register(given.secret);
  return given;
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

/** Settings are no deeper than this. */
const DEEPEST = 16;

/** Every reference to a secret in some settings. */
export function referencesIn(settings: unknown, depth = 0): Secret[] {
  const secret = Secret.safeParse(settings).data;
  if (secret) return [secret];
  if (typeof settings !== 'object' || settings === null || depth > DEEPEST) return [];
  return Object.values(settings).flatMap(each => referencesIn(each, depth + 1));
}
