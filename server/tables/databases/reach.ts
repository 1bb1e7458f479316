import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import type { ProblemError } from '../../../contract/problem.js';
import type { Finding } from '../../plugins/plugin.js';
import type { DatabasePlace } from './problems.js';
import { connectionProblem } from './problems.js';
import { Silence } from './lanes.js';

const LIMIT = 3_000;

/** Looks for the name of a server and for somebody at its port: one finding for each, the last one failed if any is. */
export async function reachServer(place: DatabasePlace, signal: AbortSignal): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (isIP(place.host) === 0) {
    try {
      const { address } = await limited(lookup(place.host), signal);
      findings.push({ state: 'ok', detail: `the name ${place.host} is known (${address})` });
    } catch (error) {
      return [failedBy(connectionProblem(error, place), place)];
    }
  }
  try {
    await limited(knock(place, signal), signal);
    findings.push({ state: 'ok', detail: `a server listens at ${place.host}:${place.port}` });
  } catch (error) {
    findings.push(failedBy(connectionProblem(error, place), place));
  }
  return findings;
}

/** The finding that a problem stands for. Its sentence holds the cure. */
export function failedBy(problem: ProblemError | undefined, { label }: DatabasePlace): Finding {
  const sentence = problem?.message ?? `${label} cannot be reached.`;
  const [, detail = sentence, cure = ''] =
    /^(.*?[.)])\s+((?:Check|Ask|Set|Turn|Try|Read|Open|Sign in|It is for).*)$/s.exec(sentence) ?? [];
  return { state: 'failed', detail, ...(cure !== '' && { cure }) };
}

/** Whether others can read along. */
export function encryption(isEncrypted: boolean, { tls, host, settings }: DatabasePlace): Finding {
  if (isEncrypted) {
    const checked = tls === 'verify' ? ', and the certificate is right' : '';
    return { state: 'ok', detail: `the connection is encrypted${checked}` };
  }
  if (isThisMachine(host)) return { state: 'ok', detail: 'the connection is not encrypted, and stays on this machine' };
  return {
    state: 'warning',
    detail: 'the connection is not encrypted: whoever is in between can read rows',
    cure: `Turn TLS on at the server, and set tls of ${settings} to verify.`
  };
}

function knock({ host, port }: DatabasePlace, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.setTimeout(LIMIT, () => socket.destroy(new Silence(LIMIT)));
    socket.on('error', reject);
    socket.on('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

async function limited<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT)]);
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      limit.addEventListener('abort', () => reject(new Silence(LIMIT)), { once: true });
    })
  ]);
}

/** Whether a server is this machine, where nobody listens in between. */
function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
