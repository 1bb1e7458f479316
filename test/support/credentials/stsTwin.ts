import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignatureV4 } from '@smithy/signature-v4';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { Clock } from '../../../server/ports.js';
import { Sha256 } from './sha256.js';
import { totp } from './totp.js';

// A strict twin of AWS's security token service, not the real one: it checks signatures (with AWS's own signer), clocks,
// durations, codes that count once, tokens of the identity provider it is told of (against the keys that one publishes),
// and whether a role may be taken. No server that can be had enforces MFA.

export const USER = { name: 'ada', account: '123456789012', accessKeyId: 'AKIATWINADA0000001', device: 'mfa/ada' };
export const DEVICE = `arn:aws:iam::${USER.account}:${USER.device}`;
export const ROLES = {
  reader: `arn:aws:iam::${USER.account}:role/reader`,
  admin: `arn:aws:iam::${USER.account}:role/admin`
};

interface Known {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiresAt?: number;
  hasMfa: boolean;
  arn: string;
}

export interface StsTwin {
  url: string;
  secretAccessKey: string;
  /** What the device shows now. */
  code: () => string;
  /** Calls by their action, in order. */
  calls: string[];
  /** Bodies and headers as they came. */
  seen: string[];
  /** Answers that come instead of its own. */
  next: ((response: ServerResponse) => void)[];
  /** Roles that may be taken. */
  allowed: Set<string>;
  /** Whether these keys are good now. */
  accepts(keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined }): boolean;
  /** Milliseconds by which its clock is ahead. */
  ahead: number;
}

class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string
  ) {
    super(message);
  }
}

/** The identity provider whose tokens open roles. */
export interface TrustedProvider {
  issuer: string;
  audience: string;
}

export interface TwinOptions {
  trusted?: TrustedProvider | undefined;
  /** Takes what ends it; without it, it ends with the test of vitest that runs. */
  atEnd?: ((end: () => void) => void) | undefined;
}

/** Starts one on this machine for the test. */
export async function stsTwin(clock: Clock, { trusted, atEnd }: TwinOptions = {}): Promise<StsTwin> {
  const device = randomBytes(20);
  const used = new Set<string>();
  const secretAccessKey = randomBytes(30).toString('base64');
  const keys = new Map<string, Known>([
    [
      USER.accessKeyId,
      { ...USER, secretAccessKey, hasMfa: false, arn: `arn:aws:iam::${USER.account}:user/${USER.name}` }
    ]
  ]);
  const now = (): number => clock.now() + twin.ahead;

  function issue(seconds: string, [least, most]: [number, number], hasMfa: boolean, arn: string): string {
    const duration = Number(seconds);
    if (!Number.isInteger(duration) || duration < least || duration > most) {
      throw new Refused(400, 'ValidationError', `DurationSeconds must be between ${least} and ${most}`);
    }
    const made: Known = {
      accessKeyId: `ASIATWIN${randomBytes(6).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(200).toString('base64'),
      expiresAt: Math.floor(now() / 1000 + duration) * 1000,
      hasMfa,
      arn
    };
    keys.set(made.accessKeyId, made);
    const end = new Date(made.expiresAt ?? 0).toISOString().replace('.000', '');
    return `<Credentials><AccessKeyId>${made.accessKeyId}</AccessKeyId><SecretAccessKey>${made.secretAccessKey}</SecretAccessKey><SessionToken>${made.sessionToken ?? ''}</SessionToken><Expiration>${end}</Expiration></Credentials>`;
  }

  function checkCode(serial: string | null, code: string | null): void {
    const failed = 'MultiFactorAuthentication failed';
    if (serial !== DEVICE) throw new Refused(403, 'AccessDenied', `${failed}, unable to validate MFA code.`);
    const good = [0, -30_000, 30_000].map(offset => totp(device, now() + offset));
    if (code === null || !good.includes(code) || used.has(code)) {
      throw new Refused(403, 'AccessDenied', `${failed} with invalid MFA one time pass code. `);
    }
    used.add(code);
  }

  function act(caller: Known, form: URLSearchParams): string {
    const action = form.get('Action') ?? '';
    twin.calls.push(action);
    if (form.get('Version') !== '2011-06-15') throw new Refused(400, 'InvalidAction', 'No such version.');
    switch (action) {
      case 'GetCallerIdentity':
        return `<Arn>${caller.arn}</Arn><UserId>AIDA</UserId><Account>${USER.account}</Account>`;
      case 'GetSessionToken':
        if (caller.sessionToken !== undefined) {
          throw new Refused(403, 'AccessDenied', 'Cannot call GetSessionToken with session credentials');
        }
        checkCode(form.get('SerialNumber'), form.get('TokenCode'));
        return issue(form.get('DurationSeconds') ?? '', [900, 129_600], true, caller.arn);
      case 'AssumeRole': {
        const role = form.get('RoleArn') ?? '';
        if (!caller.hasMfa || !twin.allowed.has(role)) {
          const what = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${role}`;
          throw new Refused(403, 'AccessDenied', what);
        }
        if (!/^[\w+=,.@-]{2,64}$/.test(form.get('RoleSessionName') ?? '')) {
          throw new Refused(400, 'ValidationError', 'RoleSessionName is not right');
        }
        const arn = `arn:aws:sts::${USER.account}:assumed-role/${role.split('/').at(-1)}/${form.get('RoleSessionName')}`;
        const made = issue(form.get('DurationSeconds') ?? '', [900, 43_200], true, arn);
        return `${made}<AssumedRoleUser><Arn>${arn}</Arn></AssumedRoleUser>`;
      }
      default:
        throw new Refused(400, 'InvalidAction', `Could not find operation ${action}`);
    }
  }

  async function assumeByToken(form: URLSearchParams): Promise<string> {
    twin.calls.push('AssumeRoleWithWebIdentity');
    const role = form.get('RoleArn') ?? '';
    const name = form.get('RoleSessionName') ?? '';
    if (!/^[\w+=,.@-]{2,64}$/.test(name)) throw new Refused(400, 'ValidationError', 'RoleSessionName is not right');
    const subject = await subjectOf(form.get('WebIdentityToken') ?? '');
    if (!twin.allowed.has(role)) {
      throw new Refused(403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
    }
    const arn = `arn:aws:sts::${USER.account}:assumed-role/${role.split('/').at(-1)}/${name}`;
    const made = issue(form.get('DurationSeconds') ?? '', [900, 43_200], true, arn);
    const user = `<AssumedRoleUser><Arn>${arn}</Arn></AssumedRoleUser>`;
    return `<SubjectFromWebIdentityToken>${subject}</SubjectFromWebIdentityToken>${made}${user}`;
  }

  async function subjectOf(token: string): Promise<string> {
    if (trusted === undefined) throw new Refused(400, 'InvalidIdentityToken', 'No OpenIDConnect provider found');
    const { issuer, audience } = trusted;
    try {
      const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
      const { jwks_uri: keys } = (await discovery.json()) as { jwks_uri: string };
      const options = { issuer, audience, currentDate: new Date(now()), requiredClaims: ['exp', 'sub'] };
      const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(keys)), options);
      return payload.sub ?? '';
    } catch (error) {
      const code = error instanceof errors.JWTExpired ? 'ExpiredTokenException' : 'InvalidIdentityToken';
      throw new Refused(400, code, `The web identity token that was passed is not good: ${String(error)}`);
    }
  }

  async function answer(request: IncomingMessage): Promise<string> {
    const body = await text(request);
    twin.seen.push(`${request.headers.authorization ?? ''}\n${body}`);
    if (request.method !== 'POST' || request.url !== '/') throw new Refused(400, 'InvalidAction', 'POST to /');
    const form = new URLSearchParams(body);
    const action = form.get('Action') ?? '';
    // Named as AWS names them: its own SDKs look for these.
    const wrapped = (inner: string): string =>
      `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${inner}</${action}Result></${action}Response>`;
    if (action === 'AssumeRoleWithWebIdentity' && form.get('Version') === '2011-06-15') {
      return wrapped(await assumeByToken(form));
    }
    const caller = await signer(request, body);
    return wrapped(act(caller, form));
  }

  async function signer({ headers }: IncomingMessage, body: string): Promise<Known> {
    const id = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
    const known = keys.get(id);
    const token = headers['x-amz-security-token'];
    if (known === undefined || known.sessionToken !== token) {
      throw new Refused(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
    }
    if ((known.expiresAt ?? Infinity) <= now()) {
      throw new Refused(403, 'ExpiredToken', 'The security token included in the request is expired');
    }
    const date = String(headers['x-amz-date']);
    const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    if (!(Math.abs(at - now()) < 15 * 60_000)) {
      const not = at > now() ? 'Signature not yet current' : 'Signature expired';
      throw new Refused(403, 'SignatureDoesNotMatch', `${not}: ${date} is not near ${new Date(now()).toISOString()}`);
    }
    const wanted = await signedByAws(known, headers.host ?? '', at, String(headers['content-type']), body);
    if (wanted !== headers.authorization) {
      throw new Refused(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match.');
    }
    return known;
  }

  const server = createServer((request, response) => {
    const instead = twin.next.shift();
    response.setHeader('Date', new Date(now()).toUTCString());
    response.setHeader('Content-Type', 'text/xml');
    if (instead !== undefined) {
      request.resume();
      instead(response);
      return;
    }
    answer(request).then(
      body => response.end(body),
      (error: unknown) => {
        const { status, code, message } =
          error instanceof Refused ? error : new Refused(500, 'InternalFailure', String(error));
        response.statusCode = status;
        response.end(
          `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`
        );
      }
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const later = atEnd ?? (await import('vitest')).onTestFinished;
  later(() => {
    server.close();
    server.closeAllConnections();
  });

  const twin: StsTwin = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secretAccessKey,
    code: () => totp(device, now()),
    calls: [],
    seen: [],
    next: [],
    allowed: new Set(Object.values(ROLES)),
    accepts({ accessKeyId, secretAccessKey: secret, sessionToken }) {
      const known = keys.get(accessKeyId);
      const isSame = known?.secretAccessKey === secret && known.sessionToken === sessionToken;
      return isSame && (known.expiresAt ?? Infinity) > now();
    },
    ahead: 0
  };
  return twin;
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The header that AWS's own signer makes of the same request. */
async function signedByAws(keys: Known, host: string, at: number, type: string, body: string): Promise<string> {
  const signer = new SignatureV4({
    service: 'sts',
    region: 'us-east-1',
    credentials: {
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey,
      ...(keys.sessionToken !== undefined && { sessionToken: keys.sessionToken })
    },
    sha256: Sha256,
    applyChecksum: false
  });
  const request = {
    method: 'POST',
    protocol: 'http:',
    hostname: host.split(':')[0] ?? '',
    path: '/',
    query: {},
    headers: { host, 'content-type': type },
    body
  };
  const signed = await signer.sign(request, { signingDate: new Date(at) });
  return signed.headers['authorization'] ?? '';
}
