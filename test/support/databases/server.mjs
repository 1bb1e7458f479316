// What the databases of the tests have in common: a scratch folder, an account without rights, an end.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  writeFileSync
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Debian's `nobody`: databases refuse root. */
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
const READY = 60_000;
const END = 10_000;

/** The words before a command that run it without root's rights, and end it with this process, however that ends. */
const without = ['setpriv', '--pdeathsig', 'KILL'].concat(
  isRoot ? [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : []
);

/** A word that is no secret anywhere else. */
export const password = () => `Pw-${randomBytes(12).toString('hex')}`;

/** A file system in memory, and the room that is wanted of it. */
const MEMORY = '/dev/shm';
const ROOM = 512 * 1024 * 1024;

/**
 * A new folder that belongs to whoever runs the server.
 *
 * @param inMemory - where there is room for it: what a server waits for its disk then takes no time
 */
export function serverFolder(name, path, inMemory = false) {
  const place = inMemory && hasRoom(MEMORY) ? MEMORY : tmpdir();
  const folder = path ?? mkdtempSync(join(realpathSync(place), `lakeside-${name}-`));
  mkdirSync(folder, { recursive: true });
  own(folder);
  return folder;
}

function hasRoom(place) {
  if (!existsSync(place)) return false;
  const { bavail, bsize } = statfsSync(place);
  return bavail * bsize > ROOM;
}

/** Writes a file that only the server's account reads. */
export function writeOwned(path, text) {
  writeFileSync(path, text);
  own(path);
  chmodSync(path, 0o600);
  return path;
}

function own(path) {
  if (isRoot) chownSync(path, NOBODY, NOBODY);
}

/** A port of the loopback that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Runs a program of a server to its end. @throws with what it said */
export function runOnce(command, args, environment = {}) {
  const [program, ...words] = [...without, command, ...args];
  const env = { PATH: '/usr/sbin:/usr/bin:/bin', LC_ALL: 'C.UTF-8', ...environment };
  return execFileSync(program, words, { cwd: '/', env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/**
 * A key and a certificate of `localhost` and 127.0.0.1 that signed itself, in two files of the server's.
 *
 * @returns their paths
 */
export function certificateIn(folder) {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  runOnce('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', key, '-out', certificate]
  ]);
  chmodSync(key, 0o600);
  return { key, certificate };
}

/**
 * Starts a server and waits until it says that it is ready.
 *
 * @param options.ready - what it writes into its log then
 * @param options.signal - ends it: its data are worth nothing afterwards, unless it is told to be gentle
 * @param options.keep - folders of others are not removed
 * @returns what ends it
 */
export async function startServer({ command, args, folder, ready, signal, keep = false }) {
  const file = join(folder, 'server.log');
  const output = openSync(file, 'w');
  const [program, ...words] = [...without, command, ...args];
  const child = spawn(program, words, {
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', output, output]
  });
  closeSync(output);
  let hasEnded = false;
  const ended = new Promise(resolve => {
    for (const event of ['exit', 'error']) child.once(event, resolve);
  }).then(() => (hasEnded = true));
  const stop = async () => {
    if (!hasEnded) child.kill(signal);
    await Promise.race([ended, sleep(END, undefined, { ref: false })]);
    if (!hasEnded) child.kill('SIGKILL');
    await ended;
    if (!keep) rmSync(folder, { recursive: true, force: true });
  };
  const log = () => readFileSync(file, 'utf8');
  for (const began = Date.now(); ; await sleep(20)) {
    if (ready.test(log())) return { pid: child.pid, stop, log };
    if (!hasEnded && Date.now() - began < READY) continue;
    const said = log().slice(-2_000);
    await stop();
    throw new Error(`${command} ${hasEnded ? 'ended at its start' : 'does not get ready'}: ${said}`);
  }
}
