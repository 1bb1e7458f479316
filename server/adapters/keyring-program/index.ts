import { spawn } from 'node:child_process';
import type { Keyring } from '../../credentials/ports.js';

/** Longest time a keyring may take, in milliseconds: one that is locked would ask on a screen nobody sees. */
const PATIENCE = 3_000;
const ACCOUNT = 'lakeside';
/** With which `security` ends where there is no such item. */
const NOT_FOUND = 44;

export interface KeyringOptions {
  platform: NodeJS.Platform;
  /** The variables with which the keyring's program is started. */
  environment: Readonly<Record<string, string>>;
}

/**
 * The operating system's keyring, by its own program. Secrets go through pipes, never through arguments.
 *
 * @returns undefined where this system has none, as in a pod
 */
export function createKeyring({ platform, environment }: KeyringOptions): Keyring | undefined {
  if (platform === 'darwin') return macKeyring(environment);
  // Without a session bus there is nobody to ask.
  return environment['DBUS_SESSION_BUS_ADDRESS'] === undefined ? undefined : secretService(environment);
}

function secretService(environment: Readonly<Record<string, string>>): Keyring {
  const attributes = (name: string): string[] => ['service', ACCOUNT, 'home', name];
  return {
    name: 'the Secret Service of this desktop',
    async get(name) {
      const { code, output, complaint } = await run('secret-tool', ['lookup', ...attributes(name)], '', environment);
      // It ends with 1 both where there is none and where it failed; only a failure says something.
      if (code !== 0 && complaint !== '') throw new Error('The Secret Service cannot be asked.');
      return output.trim() === '' ? undefined : output.trim();
    },
    async set(name, secret) {
      const given = ['store', '--label=Lakeside: key of the sessions', ...attributes(name)];
      const { code } = await run('secret-tool', given, secret, environment);
      if (code !== 0) throw new Error('The Secret Service did not keep the key.');
    }
  };
}

function macKeyring(environment: Readonly<Record<string, string>>): Keyring {
  return {
    name: 'the keychain of this Mac',
    async get(name) {
      const { code, output } = await run(
        'security',
        ['find-generic-password', '-a', ACCOUNT, '-s', name, '-w'],
        '',
        environment
      );
      if (code !== 0 && code !== NOT_FOUND) throw new Error('The keychain cannot be asked.');
      return code === 0 ? output.trim() : undefined;
    },
    async set(name, secret) {
      const line = `add-generic-password -U -a ${ACCOUNT} -s "${name}" -w "${secret}"\n`;
      const { code } = await run('security', ['-i'], line, environment);
      if (code !== 0) throw new Error('The keychain did not keep the key.');
    }
  };
}

function run(
  program: string,
  args: readonly string[],
  input: string,
  environment: Readonly<Record<string, string>>
): Promise<{ code: number; output: string; complaint: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: PATIENCE,
      killSignal: 'SIGKILL'
    });
    let output = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    child.once('error', reject);
    // It may end without reading what it is given.
    child.stdin.on('error', () => undefined).end(input);
    child.once('close', (code, signal) => {
      if (signal !== null) reject(new Error(`${program} did not answer within ${PATIENCE / 1000} seconds.`));
      else resolve({ code: code ?? 1, output, complaint: complaint.trim() });
    });
  });
}
