import { ProblemError } from '../../../../contract/problem.js';
import type { AwsKeys } from '../../../credentials/ports.js';
import type { Clock } from '../../../ports.js';
import { isCancelled } from '../cancelled.js';
import { clockSentence, MOST_SKEW, refused } from './problems.js';
import { signedHeaders } from './sign.js';
import type { SigningKeys } from './sign.js';

/** Longest time an answer may take, in milliseconds, and its most bytes. */
const PATIENCE = 10_000;
const MOST_BYTES = 256 * 1024;

export interface StsOptions {
  /** Absent: AWS's own of the region. */
  endpoint?: string | undefined;
  region: string;
  /** What people call the profile. */
  label: string;
  clock: Clock;
}

export interface StsCall {
  /** Who signs; absent for the calls that nobody signs. */
  keys?: SigningKeys | undefined;
  signal: AbortSignal;
}

/** What the leaves of an answer hold, by their names. */
export type Fields = ReadonlyMap<string, string>;

/** Speaks with a security token service of AWS, or with one that speaks as it does. */
export interface Sts {
  /** @throws StsProblem where it refuses; ProblemError `credential-unreachable`, `credential-failed` */
  call(action: string, parameters: Record<string, string>, call: StsCall): Promise<Fields>;
}

export function createSts({ endpoint, region, label, clock }: StsOptions): Sts {
  const url = new URL(endpoint ?? `https://sts.${region}.amazonaws.com/`);

  async function send(body: string, keys: SigningKeys | undefined, signal: AbortSignal): Promise<Response> {
    const headers =
      keys === undefined
        ? { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
        : signedHeaders(url, body, { keys, region, now: clock.now() });
    try {
      return await fetch(url, {
        method: 'POST',
        headers,
        body,
        // A redirect would carry what is sent to another host.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
      });
    } catch (error) {
      if (isCancelled(signal)) throw error;
      throw new ProblemError(
        'credential-unreachable',
        `${url.host} does not answer, so ${label} cannot sign in. Check the network, then try again.`,
        { cause: error }
      );
    }
  }

  return {
    async call(action, parameters, { keys, signal }) {
      const body = new URLSearchParams({ Action: action, Version: '2011-06-15', ...parameters }).toString();
      const response = await send(body, keys, signal);
      const told = Date.parse(response.headers.get('date') ?? '');
      const ahead = Number.isNaN(told) ? undefined : told - clock.now();
      const text = await limited(response, label);
      if (response.status >= 300 && response.status < 400) {
        throw new ProblemError(
          'credential-failed',
          `${url.host} sends ${label} to another address, which Lakeside does not follow with keys. Check "endpoint" in the settings of the profile.`
        );
      }
      const fields = leaves(text);
      if (!response.ok) {
        const refusal = {
          status: response.status,
          code: fields.get('Code') ?? '',
          message: fields.get('Message') ?? '',
          ahead
        };
        throw refused(label, action, refusal);
      }
      if (ahead !== undefined && Math.abs(ahead) > MOST_SKEW) {
        throw new ProblemError('credential-failed', clockSentence(label, ahead));
      }
      return fields;
    }
  };
}

/** The keys of an answer. @throws ProblemError `credential-failed` where they are none, or have ended */
export function keysOf(
  fields: Fields,
  { label, clock }: { label: string; clock: Clock }
): AwsKeys & { expiresAt: number } {
  const accessKeyId = fields.get('AccessKeyId') ?? '';
  const secretAccessKey = fields.get('SecretAccessKey') ?? '';
  const sessionToken = fields.get('SessionToken') ?? '';
  const expiresAt = Date.parse(fields.get('Expiration') ?? '');
  if (accessKeyId === '' || secretAccessKey === '' || sessionToken === '' || Number.isNaN(expiresAt)) {
    throw new ProblemError(
      'credential-failed',
      `What answers ${label} gave no keys. Check "endpoint" in the settings of the profile: it may be no security token service.`
    );
  }
  if (expiresAt <= clock.now()) {
    throw new ProblemError(
      'credential-failed',
      `${label} got keys that have ended already. Check the clock of this machine, then sign in again.`
    );
  }
  return { kind: 'aws', accessKeyId, secretAccessKey, sessionToken, expiresAt };
}

async function limited(response: Response, label: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > MOST_BYTES) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new ProblemError('credential-unreachable', `The answer to ${label} broke off. Try again.`, { cause: error });
  }
  return size > MOST_BYTES ? '' : Buffer.concat(chunks).toString('utf8');
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The leaves of XML as STS writes it: no attributes matter, and no name comes twice. */
function leaves(xml: string): Fields {
  const found = new Map<string, string>();
  for (const [, name = '', text = ''] of xml.matchAll(/<([A-Za-z]+)>([^<]*)<\/\1>/g)) {
    const plain = text.replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => entities[entity] ?? '');
    if (!found.has(name)) found.set(name, plain.trim());
  }
  return found;
}
