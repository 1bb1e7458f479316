import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import { environment as registry, SHADOWS } from '../../environment.js';
import type { Config } from '../../config.js';
import { readArguments } from '../arguments.js';
import { printJson } from '../output.js';
import { withCredentials } from './session.js';
import { execUsage, processUsage } from './usages.js';

/** What programs that are started do not need of Lakeside's own. */
const OWN = new Set(['LAKESIDE_CREDENTIALS_KEY', 'LAKESIDE_CREDENTIALS_FD', 'LAKESIDE_LISTEN_FD']);
/** Exit codes of shells for programs that cannot be started. */
const NOT_FOUND = 127;
const NOT_RUNNABLE = 126;

/** `lakeside credentials exec`: runs a program that asks this command for keys, for as long as it runs. */
export async function exec(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--');
  const command = at < 0 ? [] : args.slice(at + 1);
  const options = { profile: { type: 'string' } } as const;
  const { values } = readArguments(at < 0 ? args : args.slice(0, at), options, { min: 0, usage: execUsage });
  const [program, ...rest] = command;
  if (program === undefined) throw new ProblemError('bad-request', `Say what to run after --. Write: ${execUsage}`);
  return withCredentials(async ({ composed, config, service, caller }) => {
    const { profiles } = await service.overview(caller);
    // Where all profiles open databases, programs ask by their names, and no SDK asks for anything.
    const isForAws = values.profile !== undefined || profiles.some(({ opens }) => opens === 'aws');
    const keys = isForAws ? await keysOf(composed, values.profile) : undefined;
    const folder = await mkdtemp(join(tmpdir(), 'lakeside-exec-'));
    try {
      const tokenFile = join(folder, 'token');
      const empty = join(folder, 'none');
      await writeFile(tokenFile, randomBytes(32).toString('base64url'), { mode: 0o600 });
      await writeFile(empty, '', { mode: 0o600 });
      const url = await composed.listen({ port: 0 }, tokenFile);
      composed.watch();
      return await run(program, rest, {
        ...inherited(config),
        LAKESIDE_CREDENTIALS_URL: new URL(url).origin,
        LAKESIDE_CREDENTIALS_TOKEN_FILE: tokenFile,
        ...(keys !== undefined && {
          // A [default] there would win against keys that are asked for.
          AWS_SHARED_CREDENTIALS_FILE: empty,
          // Who names a profile gets its keys, whichever is chosen for kernels meanwhile.
          AWS_CONTAINER_CREDENTIALS_FULL_URI: keys.active ? url : url.replace(/active$/, keys.aws.profile),
          AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile
        })
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** `lakeside credentials process`: keys as `credential_process` of AWS's configuration wants them. */
export async function processKeys(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { profile: { type: 'string' } }, { min: 0, usage: processUsage });
  return withCredentials(async ({ composed }) => {
    const { aws } = await keysOf(composed, values.profile);
    const { accessKeyId, secretAccessKey, sessionToken } = aws.keys;
    printJson({
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: new Date(aws.expiresAt).toISOString().replace('.000', '')
    });
    return 0;
  });
}

type HandOuts = Awaited<ReturnType<Parameters<Parameters<typeof withCredentials>[0]>[0]['composed']['handOuts']>>;

/** Keys now, so that what is missing is said before anything is started. */
async function keysOf(
  composed: { handOuts: () => Promise<HandOuts> },
  profile: string | undefined
): Promise<{ active: boolean; aws: Awaited<ReturnType<HandOuts['aws']>> }> {
  const aws = await (await composed.handOuts()).aws(profile ?? 'active');
  return { active: profile === undefined, aws };
}

/** The environment of this command, without what would win against keys that are asked for. */
function inherited({ kernelEnvironment, variable }: Config): Record<string, string> {
  const own = Object.keys(registry).flatMap(name => {
    const value = OWN.has(name) ? undefined : variable(name);
    return value === undefined ? [] : [[name, value]];
  });
  const others = Object.entries(kernelEnvironment).filter(([name]) => !SHADOWS.includes(name));
  return Object.fromEntries([...others, ...own]) as Record<string, string>;
}

/** Runs a program to its end. @returns its exit code, as a shell tells it */
function run(program: string, args: readonly string[], env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: 'inherit' });
    // A terminal sends its interrupt to the program too; this command lives as long as the program does.
    const ignore = (): void => undefined;
    const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
    const signals = ['SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, pass);
    process.on('SIGINT', ignore);
    const done = (): void => {
      for (const signal of signals) process.off(signal, pass);
      process.off('SIGINT', ignore);
    };
    child.once('error', error => {
      done();
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'EACCES') {
        reject(error);
        return;
      }
      process.stderr.write(`lakeside: ${program} ${code === 'ENOENT' ? 'is not there' : 'cannot be run'}.\n`);
      resolve(code === 'ENOENT' ? NOT_FOUND : NOT_RUNNABLE);
    });
    child.once('exit', (code, signal) => {
      done();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
