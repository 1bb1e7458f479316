// Runs programs for the set-up: quiet while they work, their last lines and a cure where they fail.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const KEPT_LINES = 15;
const PATIENCE = 3_000;
const running = new Set();

/** A failure that a person can mend: what happened, the last lines of the program, and what to do now. */
export class SetupError extends Error {
  constructor(message, { cure = '', tail = [] } = {}) {
    super(message);
    this.cure = cure;
    this.tail = tail;
  }
}

/**
 * Runs a program to its end and gives what it printed.
 *
 * @param options - `saysWhyFirst`: a failure is explained in its first lines, not its last
 * @throws SetupError where it cannot be started or ends with another code than 0
 */
export function run(command, args, { cwd, env = process.env, saysWhyFirst = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', text => {
        output = (output + text).slice(-200_000);
      });
    }
    child.once('error', error => {
      running.delete(child);
      reject(new SetupError(`${command} cannot be started: ${error.message}`, { cure: cureOf(error.message) }));
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      if (code === 0) {
        resolve(output);
        return;
      }
      const lines = output.split('\n').filter(line => line.trim() !== '');
      const tail = saysWhyFirst ? lines.slice(0, KEPT_LINES) : lines.slice(-KEPT_LINES);
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      reject(new SetupError(`${[command, ...args].join(' ')} ${how}`, { cure: cureOf(output), tail }));
    });
  });
}

/** Ends the programs that are still at work and waits for it: a half-ended `npm ci` would meet the next one. */
export async function endRunning() {
  const children = [...running];
  const gone = Promise.all(children.map(child => new Promise(resolve => child.once('close', resolve))));
  for (const child of children) child.kill('SIGTERM');
  await Promise.race([gone, sleep(PATIENCE)]);
  for (const child of running) child.kill('SIGKILL');
  await gone;
}

const cures = [
  [/ENOSPC|No space left on device/i, 'The disk is full. Free about 3 GB and start again.'],
  [/ensurepip is not available|No module named (venv|ensurepip)/, 'Install it: apt-get install python3-venv'],
  [
    /UNABLE_TO_(GET|VERIFY)|SELF_SIGNED|CERTIFICATE_VERIFY_FAILED|UnknownIssuer|certificate/i,
    'A certificate is not trusted. Behind a company proxy set SSL_CERT_FILE and NODE_EXTRA_CA_CERTS to its CA file.'
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|name resolution|dns error|error sending request|Connection refused|timed out/i,
    'The package registry cannot be reached. Check the network; behind a proxy set HTTPS_PROXY and HTTP_PROXY.'
  ],
  [/EACCES|Permission denied/i, 'This account may not write here. Check who owns the checkout.']
];

function cureOf(output) {
  const found = cures.find(([pattern]) => pattern.test(output));
  return found ? found[1] : '';
}
