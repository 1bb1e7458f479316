import { readFile, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from '../../replaceFile.js';
import { onStorage } from '../../storage.js';

/** What a new kernel finds: its variables and the files that AWS's clients share. */
export interface KernelView {
  variable(name: string): string | undefined;
  /** `~/.aws/credentials`, or where a variable says. */
  credentials: SharedFile;
  /** `~/.aws/config`, likewise. */
  config: SharedFile;
  /** The section of both that clients take. */
  section: string;
}

export interface SharedFile {
  path: string;
  /** Empty where there is none. @throws where it cannot be read */
  read(): Promise<string>;
  /** Puts another text in its place, whole or not at all; rights stay, and so does a link to it. */
  write(text: string): Promise<void>;
}

/** @param environment - what kernels of this server inherit */
export function kernelView(environment: Readonly<Record<string, string>>): KernelView {
  const variable = (name: string): string | undefined =>
    Object.hasOwn(environment, name) && environment[name] !== '' ? environment[name] : undefined;
  const home = variable('HOME') ?? homedir();
  const file = (name: string, fallback: string): SharedFile => {
    const path = (variable(name) ?? join(home, '.aws', fallback)).replace(/^~(?=\/)/, home);
    return { path, read: () => readOrNothing(path), write: text => replace(path, text) };
  };
  return {
    variable,
    credentials: file('AWS_SHARED_CREDENTIALS_FILE', 'credentials'),
    config: file('AWS_CONFIG_FILE', 'config'),
    section: variable('AWS_PROFILE') ?? variable('AWS_DEFAULT_PROFILE') ?? 'default'
  };
}

async function readOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

async function replace(path: string, text: string): Promise<void> {
  const file = await realpath(path).catch(() => path);
  const mode = await stat(file).then(
    facts => facts.mode & 0o777,
    () => 0o600
  );
  await onStorage(path, () => replaceFile(file, text, mode));
}
