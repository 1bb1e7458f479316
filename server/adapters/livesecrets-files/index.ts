import { readFile } from 'node:fs/promises';
import type { LiveSecret, LiveSecrets } from '../../share/ports.js';
import { awsSecrets, netrcSecrets, pgpassSecrets } from './formats.js';

export interface LiveSecretsOptions {
  /** Variables of this process that hold secrets. */
  variables: readonly { name: string; value: string }[];
  /** Files of credentials; those that are not there are passed over. */
  files: { aws: string; netrc: string; pgpass: string };
  /** Is told every value before it is handed on, so that it never reaches the log. */
  register: (value: string) => void;
}

/** Larger files are none of credentials. */
const LARGEST = 1024 * 1024;

/** The secrets of this account: variables of this process, and the files that its programs read, as they are now. */
export function createLiveSecrets(options: LiveSecretsOptions): LiveSecrets {
  const { files, register } = options;
  return {
    async current() {
      const secrets: LiveSecret[] = [
        ...options.variables.map(({ name, value }) => ({ name: `the variable ${name}`, value })),
        ...awsSecrets(await read(files.aws)),
        ...netrcSecrets(await read(files.netrc)),
        ...pgpassSecrets(await read(files.pgpass))
      ];
      for (const { value } of secrets) register(value);
      return secrets;
    }
  };
}

/** A file as text; nothing where it cannot be read: then this account cannot use it either. */
async function read(file: string): Promise<string> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  return bytes.length > LARGEST ? '' : bytes.toString('utf8');
}
