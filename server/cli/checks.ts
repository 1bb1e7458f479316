import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { composeRenderer } from '../compose.js';
import { composeConfiguration } from '../composeConfiguration.js';
import { composeChannels } from '../composeNotify.js';
import { checkStore, composeStore, homeArchive } from '../composeStores.js';
import { checkPlaces } from '../composePlaces.js';
import { composeWikis } from '../composeWikis.js';
import { readConfig } from '../config.js';
import type { Config } from '../config.js';
import { createLog } from '../logging.js';
import type { Finding } from '../plugins/plugin.js';
import type { Log } from '../ports.js';
import { onStorage } from '../storage.js';
import { checkChannels } from './channelChecks.js';
import { checkHistory } from './historyCheck.js';
import { bytesInWords } from './output.js';
import { withSession } from './session.js';
import { testSources } from './sources.js';
import { inTime, testPlugin, testTarget } from './targetTests.js';

/** What one check found, and what to do about it. */
export interface CheckResult extends Finding {
  name: string;
}

type Check = () => Promise<Omit<CheckResult, 'name'>>;

const MIN_NODE = 24;
const MIN_FREE = 1024 ** 3;

/** The checks of the doctor in the order they are shown. */
export const checks: Record<string, Check> = {
  settings: checkSettings,
  configuration: checkConfiguration,
  node: checkNode,
  python: checkPython,
  storage: checkStorage,
  'object store': checkObjectStore,
  library: checkLibrary,
  history: () => checkHistory(surroundings()),
  rendering: checkRendering
};

/** What the configuration names outside: plug-ins, wikis, channels, buckets of schedules, sources of tables; side by side, each within its time. */
export async function checkOutside(): Promise<CheckResult[]> {
  return (await Promise.all([checkWikis(), checkNotices(), checkBuckets(), checkTables()])).flat();
}

async function checkBuckets(): Promise<CheckResult[]> {
  // Where the configuration is not right, the check of that says so.
  if ((await composeConfiguration(surroundings()).catch(() => undefined))?.places === undefined) return [];
  return named('places', await inTime(() => checkPlaces(surroundings())));
}

async function checkTables(): Promise<CheckResult[]> {
  const sources = await testSources(surroundings()).catch(() => []);
  return sources.flatMap(({ name, findings }) => named(`tables ${name}`, findings));
}

async function checkNotices(): Promise<CheckResult[]> {
  const channels = await composeChannels(surroundings()).catch(() => undefined);
  if (channels === undefined) return [];
  try {
    const checked = await checkChannels(channels);
    return checked.flatMap(({ name, findings }) => named(`channel ${name}`, findings));
  } finally {
    await channels.close();
  }
}

async function checkWikis(): Promise<CheckResult[]> {
  // Where the configuration is not right, the check of that says so.
  const wikis = await composeWikis(surroundings()).catch(() => undefined);
  if (wikis === undefined) return [];
  try {
    const broken = wikis.broken.map(({ name, sentence }) => ({ name: `plug-in ${name}`, ...failure(sentence) }));
    const found = await Promise.all([
      ...wikis.outside.map(async plugin => named(`plug-in ${plugin.outside.name}`, await testPlugin(plugin))),
      ...wikis.list().map(async ({ id }) => named(`wiki ${id}`, await testTarget(wikis, id)))
    ]);
    return [...broken, ...found.flat()];
  } finally {
    await wikis.close();
  }
}

function named(name: string, findings: readonly Finding[]): CheckResult[] {
  return findings.map(finding => ({ name, ...finding }));
}

function failure(detail: string): Finding {
  return { state: 'failed', detail };
}

/** What the compositions of a command need. */
function surroundings(): { config: Config; log: Log; programs: string } {
  const config = readConfig('cli');
  return { config, log: createLog(config.logLevel, line => process.stderr.write(line)), programs: __dirname };
}

async function checkSettings(): ReturnType<Check> {
  const config = readConfig('cli');
  return Promise.resolve({ state: 'ok', detail: `home ${config.home}` });
}

async function checkConfiguration(): ReturnType<Check> {
  const around = surroundings();
  const read = await composeConfiguration(around);
  if (read === undefined) {
    return { state: 'ok', detail: `no file (${around.config.configurationFiles.map(({ file }) => file).join(', ')})` };
  }
  const { files, origin } = read;
  const sections = Object.entries(origin).map(([section, file]) => `${section} from ${file}`);
  const names = files.map(({ file, isPolicy }) => (isPolicy ? `${file} (policy)` : file)).join(', ');
  return { state: 'ok', detail: `read ${names}${sections.length > 0 ? `: ${sections.join(', ')}` : ', empty'}` };
}

async function checkNode(): ReturnType<Check> {
  const major = Number(process.versions.node.split('.')[0]);
  const detail = `Node ${process.versions.node} at ${process.execPath}`;
  return Promise.resolve(
    major >= MIN_NODE
      ? { state: 'ok', detail }
      : { state: 'failed', detail, cure: `Node ${MIN_NODE} or newer is needed: pip install "lakeside[node]"` }
  );
}

const PythonFacts = z.object({
  python: z.string(),
  packages: z.record(z.string(), z.string().nullable()),
  labextension: z.object({ path: z.string(), version: z.string() }).nullable(),
  serverExtension: z.string().nullable()
});

async function checkPython(): ReturnType<Check> {
  const python = readConfig('cli').python;
  if (python === undefined) {
    return {
      state: 'warning',
      detail: 'not asked: the CLI was not started by its Python script',
      cure: 'Run the "lakeside" that pip installed.'
    };
  }
  const { stdout } = await promisify(execFile)(python, ['-m', 'lakeside.doctor'], { timeout: 30_000 });
  const facts = PythonFacts.parse(JSON.parse(stdout));
  const versions = Object.entries(facts.packages).map(([name, version]) => `${name} ${version ?? 'missing'}`);
  const detail = `Python ${facts.python}: ${versions.join(', ')}`;
  const own = facts.packages['lakeside'];
  if (own !== LAKESIDE_VERSION || (facts.labextension && facts.labextension.version !== LAKESIDE_VERSION)) {
    return {
      state: 'failed',
      detail: `${detail}; versions differ: program ${LAKESIDE_VERSION}, package ${own ?? 'missing'}, labextension ${facts.labextension?.version ?? 'missing'}`,
      cure: 'Install Lakeside again: pip install --force-reinstall --no-deps lakeside'
    };
  }
  if (facts.packages['jupyterlab'] === null && facts.packages['notebook'] === null) {
    return { state: 'warning', detail, cure: 'There is no JupyterLab beside it; the CLI works without.' };
  }
  if (facts.labextension === null || facts.serverExtension === null) {
    const missing = facts.labextension === null ? 'labextension' : 'server extension';
    return {
      state: 'failed',
      detail: `${detail}; the ${missing} is not where Jupyter looks`,
      cure: 'Install Lakeside into the environment of JupyterLab: pip install lakeside'
    };
  }
  return { state: 'ok', detail };
}

async function checkStorage(): ReturnType<Check> {
  const around = surroundings();
  const { config } = around;
  const store = await composeStore(around);
  try {
    const key = `doctor/${process.pid}`;
    await store.put(key, Buffer.from('ok'));
    const read = await store.get(key);
    await store.delete(key);
    if (read === undefined) return { state: 'failed', detail: `${config.home} loses what is written to it` };
  } finally {
    await store.close();
  }
  await onStorage(config.home, () => mkdir(config.home, { recursive: true, mode: 0o700 }));
  const { bavail, bsize } = await statfs(config.home);
  const free = bavail * bsize;
  const detail = `${config.home} can be written, ${bytesInWords(free)} free`;
  return free < MIN_FREE
    ? { state: 'warning', detail, cure: 'Less than 1 GB is free. Make room soon.' }
    : { state: 'ok', detail };
}

async function checkObjectStore(): ReturnType<Check> {
  const around = surroundings();
  const findings = await checkStore(around);
  const worst = findings.find(({ state }) => state === 'failed') ?? findings.find(({ state }) => state === 'warning');
  const detail = findings.map(finding => finding.detail).join('; ');
  return {
    state: worst?.state ?? 'ok',
    detail: detail || `the folder ${homeArchive(around.config)}`,
    ...(worst?.cure !== undefined && { cure: worst.cure })
  };
}

async function checkLibrary(): ReturnType<Check> {
  const { routes } = await import('../../contract/routes.js');
  return withSession(async ({ client }) => {
    const page = await client.call(routes.library.list, { query: { limit: 1 } });
    return { state: 'ok', detail: `${page.total}${page.more ? '+' : ''} notebooks, index as of ${page.asOf}` };
  });
}

async function checkRendering(): ReturnType<Check> {
  const renderer = await composeRenderer({ ...surroundings(), poolSize: 1 });
  const workDirectory = await mkdtemp(join(tmpdir(), 'lakeside-doctor-'));
  try {
    const file = join(workDirectory, 'probe.ipynb');
    const cells = [{ cell_type: 'markdown', id: 'probe', metadata: {}, source: '# Probe\n$x^2$' }];
    await writeFile(file, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
    const page = await renderer.document({ kind: 'ipynb', file }, { hideCode: false }, { workDirectory });
    return { state: 'ok', detail: `a small notebook became ${bytesInWords(page.size)} of page` };
  } finally {
    await renderer.close();
    await rm(workDirectory, { recursive: true, force: true });
  }
}
