// The environment for the programs of the set-up: what a company set for one package manager holds for all.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { node24, program, venv } from './places.mjs';

const systemCertificates = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];
const foreignPython = ['PYTHONPATH', 'PYTHONHOME', 'VIRTUAL_ENV', 'CONDA_PREFIX'];
const systemNpmrc = ['/etc/npmrc', '/usr/etc/npmrc'];

/** For pip and uv. */
export function pythonEnvironment() {
  // A person's own PYTHONPATH would shadow what the lock file pins.
  const env = without(process.env, name => foreignPython.includes(name));
  const certificates = env.SSL_CERT_FILE ?? env.PIP_CERT ?? env.REQUESTS_CA_BUNDLE ?? find(systemCertificates);
  if (certificates) env.SSL_CERT_FILE = certificates;
  const index = env.PIP_INDEX_URL ?? pipSetting('index-url');
  if (index) env.UV_DEFAULT_INDEX ??= index;
  const extra = env.PIP_EXTRA_INDEX_URL ?? pipSetting('extra-index-url');
  if (extra) env.UV_INDEX ??= extra;
  return {
    ...env,
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
    UV_NO_PROGRESS: '1',
    UV_PYTHON: program('python'),
    UV_PYTHON_DOWNLOADS: 'never',
    UV_HTTP_TIMEOUT: env.UV_HTTP_TIMEOUT ?? '120'
  };
}

/** For Node.js 24 and npm, and for everything that the commands start afterwards. */
export function nodeEnvironment() {
  const env = { ...process.env };
  const { bin } = node24();
  const certificates = env.NODE_EXTRA_CA_CERTS ?? env.SSL_CERT_FILE ?? env.PIP_CERT ?? find(systemCertificates);
  if (certificates) env.NODE_EXTRA_CA_CERTS = certificates;
  // The npm inside the Python package would look for the machine's settings beside itself.
  const settings = env.npm_config_globalconfig ?? find(systemNpmrc);
  if (settings) env.npm_config_globalconfig = settings;
  return {
    ...env,
    PATH: [join(venv, 'bin'), bin, env.PATH].filter(Boolean).join(delimiter),
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1'
  };
}

/** An environment without some of its variables. */
export function without(env, isUnwanted) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isUnwanted(name)));
}

/** What pip's configuration files say; uv does not read them. */
function pipSetting(name) {
  const asked = spawnSync(program('python'), ['-m', 'pip', 'config', 'get', `global.${name}`], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim().replace(/\s+/g, ' ') : undefined;
}

function find(files) {
  return files.find(file => existsSync(file));
}
