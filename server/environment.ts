import { nearest } from './nearest.js';

/** Every `LAKESIDE_*` variable there is, Python's included: the one registry. */
export const environment = {
  LAKESIDE_HOME: 'Folder of the Library, the job list and the index. Default: $XDG_DATA_HOME/lakeside.',
  LAKESIDE_LOG_LEVEL: 'debug, info, warn, error or silent. Default: info in the sidecar, silent in the CLI.',
  LAKESIDE_MAX_NOTEBOOK_MB: 'Largest notebook that is taken, in MB, 1 to 1024. Default: 512.',
  LAKESIDE_RENDER_MEMORY_MB: 'Most memory a rendering may use, in MB, from 128. Default: 2048.',
  LAKESIDE_RENDER_TIMEOUT_S: 'Longest time a rendering may take, in seconds. Default: 120.',
  LAKESIDE_PUBLISH_SECRETS:
    'Whether what looks like a secret may be published with a reason: allow or never. Default: allow.',
  LAKESIDE_HISTORY: 'Whether each saved notebook becomes a version in its history: on or off. Default: on.',
  LAKESIDE_HISTORY_DAYS: 'How long versions are kept, in days, 1 to 3650. Default: 365.',
  LAKESIDE_HISTORY_VERSIONS: 'Most versions of one notebook, 1 to 100000. Default: 2000.',
  LAKESIDE_HISTORY_MB: 'Most room for all versions of a home, in MB, from 16. Default: 2048.',
  LAKESIDE_RUNS_AT_ONCE: 'Most scheduled runs at once, 1 to 256. Default: as many as the machine has cores.',
  LAKESIDE_NODE: 'The Node.js program (24 or newer) that the Jupyter server and the CLI start.',
  LAKESIDE_ROOT:
    'Root folder of the notebooks; the tables of its folder lake are the source lake. Set by the Jupyter server.',
  LAKESIDE_PYTHON: 'The Python beside which Lakeside is installed. Set by the CLI.',
  LAKESIDE_LISTEN_FD: 'Descriptor of the listening socket. Set by the Jupyter server.',
  LAKESIDE_CREDENTIALS_KEY:
    'The key with which sessions are encrypted, 32 characters at least. Given by a hub; kernels do not see it.',
  LAKESIDE_CREDENTIALS_KEY_FILE: 'A file with that key, for hubs that mount secrets. Absolute.',
  LAKESIDE_CREDENTIALS_FD:
    'Descriptor of the socket on which kernels ask for keys. Set by the Jupyter server where a profile is configured.',
  LAKESIDE_CREDENTIALS_URL:
    'Where code in kernels asks for the secrets of profiles. Set by the Jupyter server and lakeside credentials exec.',
  LAKESIDE_CREDENTIALS_TOKEN_FILE: 'The file of the token that it sends there. Set with it.',
  LAKESIDE_FAIL_POINT: 'Kills the process at a named point. For the fault tests.',
  LAKESIDE_SKIP_JS: 'Set to 1, the wheel is packed without building the JavaScript. For packagers.'
} as const;

export type EnvironmentName = keyof typeof environment;

/** Names that Kubernetes injects into pods for services whose name begins with `lakeside`. */
const injected =
  /^LAKESIDE(_[A-Z0-9]+)*?_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;

/**
 * Sentences on `LAKESIDE_*` variables nobody reads: most often a misspelt one, so the nearest name is offered.
 */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env)
    .filter(name => name.startsWith('LAKESIDE_') && !(name in environment) && !injected.test(name))
    .map(name => {
      const near = nearest(name, Object.keys(environment));
      return `There is no variable ${name}.${near ? ` Did you mean ${near}?` : ''} Unset it, or see docs/operators/configuration.md.`;
    });
}

/** What a program that talks over the network needs of the environment. */
const PROGRAM_VARIABLES = [
  ...['PATH', 'TMPDIR', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy']
];

/** The variables with which other programs are started: where programs, proxies and certificates are, and nothing else. */
export function environmentOfPrograms(variable: (name: string) => string | undefined): Record<string, string> {
  const given = PROGRAM_VARIABLES.map(name => [name, variable(name)] as const);
  return Object.fromEntries(given.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Variables in which SDKs of AWS find keys before they ask for some. */
export const SHADOWS: readonly string[] = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN'
];
