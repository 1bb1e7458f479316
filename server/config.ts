import { availableParallelism, homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import * as z from 'zod';
import { ProblemError } from '../contract/problem.js';
import type { ConfigurationFile } from './configuration/read.js';
import { unknownVariables } from './environment.js';

type Environment = Readonly<Record<string, string | undefined>>;

const megabytes = (from: number, to: number, fallback: number): z.ZodType<number> =>
  z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(from, `must be at least ${from}`)
    .max(to, `must be at most ${to}`)
    .default(fallback)
    .transform(value => value * 1024 * 1024);

const count = (from: number, to: number, fallback: number): z.ZodType<number> =>
  z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(from, `must be at least ${from}`)
    .max(to, `must be at most ${to}`)
    .default(fallback);

const Variables = z.object({
  LAKESIDE_HOME: z.string().min(1, 'must not be empty').optional(),
  LAKESIDE_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent')
    .optional(),
  LAKESIDE_MAX_NOTEBOOK_MB: megabytes(1, 1024, 512),
  LAKESIDE_RENDER_MEMORY_MB: megabytes(128, 1024 * 1024, 2048),
  LAKESIDE_RENDER_TIMEOUT_S: z.coerce
    .number('must be a number')
    .min(1, 'must be at least 1')
    .max(3600, 'must be at most 3600')
    .default(120),
  LAKESIDE_PUBLISH_SECRETS: z.enum(['allow', 'never'], 'must be allow or never').default('allow'),
  LAKESIDE_HISTORY: z.enum(['on', 'off'], 'must be on or off').default('on'),
  LAKESIDE_HISTORY_DAYS: count(1, 3650, 365),
  LAKESIDE_HISTORY_VERSIONS: count(1, 100_000, 2000),
  LAKESIDE_HISTORY_MB: megabytes(16, 1024 * 1024, 2048),
  LAKESIDE_RUNS_AT_ONCE: count(1, 256, availableParallelism()),
  LAKESIDE_PYTHON: z.string().optional(),
  LAKESIDE_LISTEN_FD: z.coerce.number().int().min(0).optional(),
  LAKESIDE_CREDENTIALS_KEY: z.string().optional(),
  LAKESIDE_CREDENTIALS_KEY_FILE: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
  LAKESIDE_CREDENTIALS_FD: z.coerce.number().int().min(0).optional(),
  LAKESIDE_FAIL_POINT: z.string().optional()
});

/** What Lakeside was told by its environment, checked, with every default. Sizes in bytes. */
export interface Config {
  /** Absolute. */
  home: string;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  maxNotebookBytes: number;
  renderMemoryBytes: number;
  renderTimeoutSeconds: number;
  /** Whether a person may publish what looks like a secret, with a reason. */
  mayPublishSecrets: boolean;
  /** Whether saved notebooks are kept as versions, and how many of them. */
  history: { enabled: boolean; retention: { days: number; versions: number; bytes: number } };
  /** Most scheduled runs at once. */
  runsAtOnce: number;
  python: string | undefined;
  listenFd: number | undefined;
  failPoint: string | undefined;
  /** What encrypts sessions, as a hub gives it, and the socket on which kernels ask for keys. */
  credentials: { key: string | undefined; keyFile: string | undefined; listenFd: number | undefined };
  /** Where configuration files may be, the organisation's first. */
  configurationFiles: readonly ConfigurationFile[];
  /** A variable that a configuration file refers to. */
  variable: (name: string) => string | undefined;
  /** All that a plug-in from outside sees of the environment: nothing that holds a secret by its purpose. */
  pluginEnvironment: Readonly<Record<string, string>>;
  /** What kernels of runs get that a command starts: all of the environment but Lakeside's own. */
  kernelEnvironment: Readonly<Record<string, string>>;
}

/**
 * Reads the configuration.
 *
 * @param env - the variables; the process's own by default
 * @throws ProblemError `invalid` naming the variable and the cure
 */
export function readConfig(program: 'sidecar' | 'cli', env: Environment = process.env): Config {
  const unknown = unknownVariables(env);
  if (unknown.length > 0) throw new ProblemError('invalid', unknown.join(' '));
  const parsed = Variables.safeParse(env);
  if (!parsed.success) {
    const sentences = parsed.error.issues.map(issue => `${String(issue.path[0])} ${issue.message}.`);
    throw new ProblemError('invalid', sentences.join(' '));
  }
  const given = parsed.data;
  return {
    home: resolve(given.LAKESIDE_HOME ?? defaultHome(env)),
    logLevel: given.LAKESIDE_LOG_LEVEL ?? (program === 'cli' ? 'silent' : 'info'),
    maxNotebookBytes: given.LAKESIDE_MAX_NOTEBOOK_MB,
    renderMemoryBytes: given.LAKESIDE_RENDER_MEMORY_MB,
    renderTimeoutSeconds: given.LAKESIDE_RENDER_TIMEOUT_S,
    mayPublishSecrets: given.LAKESIDE_PUBLISH_SECRETS === 'allow',
    history: {
      enabled: given.LAKESIDE_HISTORY === 'on',
      retention: {
        days: given.LAKESIDE_HISTORY_DAYS,
        versions: given.LAKESIDE_HISTORY_VERSIONS,
        bytes: given.LAKESIDE_HISTORY_MB
      }
    },
    runsAtOnce: given.LAKESIDE_RUNS_AT_ONCE,
    python: given.LAKESIDE_PYTHON,
    listenFd: given.LAKESIDE_LISTEN_FD,
    failPoint: given.LAKESIDE_FAIL_POINT,
    credentials: {
      key: given.LAKESIDE_CREDENTIALS_KEY,
      keyFile: given.LAKESIDE_CREDENTIALS_KEY_FILE,
      listenFd: given.LAKESIDE_CREDENTIALS_FD
    },
    configurationFiles: [
      { file: '/etc/lakeside/config.yml', isPolicy: true },
      { file: join(baseFolder(env, 'XDG_CONFIG_HOME', '.config'), 'lakeside', 'config.yml'), isPolicy: false }
    ],
    variable: name => (Object.hasOwn(env, name) ? env[name] : undefined),
    kernelEnvironment: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) =>
        value !== undefined && (FOR_KERNELS.has(name) || !name.startsWith('LAKESIDE_')) ? [[name, value]] : []
      )
    ),
    pluginEnvironment: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) =>
        value !== undefined && PLUGIN_VARIABLES.has(name.toUpperCase()) ? [[name, value]] : []
      )
    )
  };
}

/** Of Lakeside's own, what code in kernels asks for secrets with. */
const FOR_KERNELS = new Set(['LAKESIDE_CREDENTIALS_URL', 'LAKESIDE_CREDENTIALS_TOKEN_FILE']);

/** Where programs, the network and the person's language are. */
const PLUGIN_VARIABLES = new Set(
  'PATH HOME LANG LC_ALL LC_CTYPE TZ TMPDIR HTTP_PROXY HTTPS_PROXY NO_PROXY NODE_EXTRA_CA_CERTS SSL_CERT_FILE'.split(
    ' '
  )
);

function defaultHome(env: Environment): string {
  return join(baseFolder(env, 'XDG_DATA_HOME', '.local', 'share'), 'lakeside');
}

/** The XDG base directory rules: a variable with a relative path counts as unset. */
function baseFolder(env: Environment, name: string, ...fallback: string[]): string {
  const given = env[name];
  return given && isAbsolute(given) ? given : join(env['HOME'] ?? homedir(), ...fallback);
}

/** Where this account keeps the secrets it uses now. */
export interface SecretPlaces {
  /** Variables whose name says that they hold a secret. */
  variables: { name: string; value: string }[];
  /** Files of credentials, absolute, whether they exist or not. */
  files: { aws: string; netrc: string; pgpass: string };
}

const SECRET_NAME =
  /(?:passw(?:or)?d|passphrase|pwd|secret|token|credential|api_?key|access_?key|private_?key)s?(?:_|$)/i;
/** Names that say so and hold none. */
const HARMLESS_NAME = /(?:_(?:file|path|url|id|name|type|expiration|expiry|expires)$)|^(?:pwd|oldpwd)$/i;

/** Finds where the secrets of this account are, as its programs would. @param env - the process's own by default */
export function secretPlaces(env: Environment = process.env): SecretPlaces {
  const home = env['HOME'] ?? homedir();
  const variables = Object.entries(env).flatMap(([name, value = '']) => {
    if (SECRET_NAME.test(name) && !HARMLESS_NAME.test(name)) return [{ name, value }];
    // Addresses of proxies and databases carry their passwords with them.
    const password = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:]*:([^@\s]+)@/i.exec(value)?.[1];
    return password === undefined ? [] : [{ name, value: password }];
  });
  return {
    variables,
    files: {
      aws: env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(home, '.aws', 'credentials'),
      netrc: env['NETRC'] ?? join(home, '.netrc'),
      pgpass: env['PGPASSFILE'] ?? join(home, '.pgpass')
    }
  };
}
