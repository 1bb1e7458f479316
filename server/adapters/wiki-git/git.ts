import { spawn } from 'node:child_process';

/** A run of the program `git` that did not end well. */
export class GitFailure extends Error {
  constructor(
    /** Whether it spoke to the wiki's server. */
    readonly isRemote: boolean,
    readonly reason: 'exit' | 'silent' | 'cancelled' | 'missing' | 'too-long',
    /** What it said, and the reports of `--porcelain`. */
    readonly said: string
  ) {
    super(`git ended early (${reason}).`);
  }
}

export interface GitOptions {
  /** Where programs, proxies and certificates are. Nothing else of the environment reaches git. */
  environment: Readonly<Record<string, string>>;
  url: string;
  user: string;
  token: string;
}

export interface GitRun {
  /** The repository; none for questions to the server alone. */
  directory?: string | undefined;
  input?: string | Uint8Array;
  /** Further variables: an index, names of people. */
  variables?: Record<string, string>;
  /** Exit codes that are an answer. */
  codes?: readonly number[];
  /** Speaks to the server: the credential goes along, and it ends after so many milliseconds. */
  remoteMs?: number;
  signal?: AbortSignal | undefined;
}

const LOCAL_MS = 120_000;
const MAX_OUTPUT = 256 * 1024 * 1024;
const MAX_WORDS = 64 * 1024;

/** Settings that hold for every run, whatever the machine and the account prefer. */
const CONFIG: readonly [string, string][] = [
  // A redirect would take the token to another place than the configured one.
  ['http.followRedirects', 'false'],
  ['credential.helper', ''],
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['protocol.allow', 'never'],
  ['protocol.http.allow', 'always'],
  ['protocol.https.allow', 'always'],
  ['submodule.recurse', 'false'],
  ['gc.autoDetach', 'false'],
  ['maintenance.autoDetach', 'false']
];

/** Runs the program `git`: no shell, a closed environment, the credential in no argument, address, file or output. */
export class Git {
  constructor(private readonly options: GitOptions) {}

  /** @returns what it wrote to its output, and the exit code. @throws GitFailure */
  async run(words: readonly string[], how: GitRun = {}): Promise<{ out: Buffer; code: number }> {
    const { directory, remoteMs, signal, codes = [0] } = how;
    const isRemote = remoteMs !== undefined;
    if (signal?.aborted === true) throw new GitFailure(isRemote, 'cancelled', '');
    const child = spawn('git', directory === undefined ? [...words] : [`--git-dir=${directory}`, ...words], {
      env: this.environment(isRemote, how.variables),
      ...(directory !== undefined && { cwd: directory }),
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own: the helper that speaks HTTP ends with it.
      detached: true
    });
    let ended: GitFailure['reason'] | undefined;
    const end = (reason: GitFailure['reason']): void => {
      ended ??= reason;
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It ended by itself at this very moment.
      }
    };
    const timer = setTimeout(() => end('silent'), remoteMs ?? LOCAL_MS);
    const cancel = (): void => end('cancelled');
    signal?.addEventListener('abort', cancel, { once: true });
    const out: Buffer[] = [];
    let size = 0;
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_OUTPUT) end('too-long');
      else out.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      if (said.length < MAX_WORDS) said += chunk;
    });
    // It may end without reading all it is given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(how.input ?? '');
    try {
      const code = await new Promise<number>((resolve, reject) => {
        child.once('error', () => reject(new GitFailure(isRemote, 'missing', '')));
        child.once('close', given => resolve(given ?? -1));
      });
      if (ended !== undefined) throw new GitFailure(isRemote, ended, said);
      const bytes = Buffer.concat(out);
      if (codes.includes(code)) return { out: bytes, code };
      throw new GitFailure(isRemote, 'exit', `${said}\n${isRemote ? bytes.toString('utf8').slice(0, MAX_WORDS) : ''}`);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** The same, of a run whose answer is one line. */
  async line(words: readonly string[], how?: GitRun): Promise<string> {
    return (await this.run(words, how)).out.toString('utf8').trim();
  }

  private environment(isRemote: boolean, more: Record<string, string> = {}): Record<string, string> {
    const config = [...CONFIG];
    if (isRemote) config.push([`http.${this.options.url}.extraHeader`, `Authorization: ${basic(this.options)}`]);
    const { environment } = this.options;
    const certificates = environment['SSL_CERT_FILE'];
    return {
      ...environment,
      ...(certificates !== undefined && { GIT_SSL_CAINFO: certificates }),
      LC_ALL: 'C',
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: '',
      SSH_ASKPASS: '',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_CONFIG_COUNT: String(config.length),
      ...Object.fromEntries(
        config.flatMap(([key, value], at) => [
          [`GIT_CONFIG_KEY_${at}`, key],
          [`GIT_CONFIG_VALUE_${at}`, value]
        ])
      ),
      ...more
    };
  }
}

/** The header that signs in. */
export function basic({ user, token }: Pick<GitOptions, 'user' | 'token'>): string {
  return `Basic ${Buffer.from(`${user}:${token}`, 'utf8').toString('base64')}`;
}
