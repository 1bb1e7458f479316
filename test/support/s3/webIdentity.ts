import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../credentials/sha256.js';
import type { Key } from './process.js';

/** A signing key as JSON has it, with its certificate in it, and both as PEM. */
export interface CertifiedKey {
  key: object;
  thumbprint: string;
  privateKey: string;
  certificate: string;
}

/** A new signing key with its certificate, which Ceph's gateway wants to see. */
export function certifiedKey(): CertifiedKey {
  const folder = mkdtempSync(join(tmpdir(), 'lakeside-signing-'));
  const [keyFile, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  try {
    const what = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=tests'];
    execFileSync('openssl', [...what, '-keyout', keyFile, '-out', file], { stdio: 'pipe' });
    const certificate = new X509Certificate(readFileSync(file));
    const jwk = createPrivateKey(readFileSync(keyFile)).export({ format: 'jwk' });
    const x5c = [certificate.raw.toString('base64')];
    return {
      key: { ...jwk, kid: 'one', use: 'sig', alg: 'RS256', x5c },
      thumbprint: certificate.fingerprint.replaceAll(':', ''),
      privateKey: readFileSync(keyFile, 'utf8'),
      certificate: readFileSync(file, 'utf8')
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Trust {
  issuer: string;
  audience: string;
  thumbprint: string;
}

/** Makes a gateway trust a provider, and a role that its people may take and that may do everything. @returns its ARN */
export async function trust(endpoint: string, key: Key, { issuer, audience, thumbprint }: Trust): Promise<string> {
  const called = issuer.replace(/^https?:\/\/|\/$/g, '');
  const name = `web-${called.replace(/\W/g, '-')}`;
  const provider = `arn:aws:iam:::oidc-provider/${called}`;
  const policy = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const call = (parameters: Record<string, string>): Promise<string> => iam(endpoint, key, parameters);
  await call({
    Action: 'CreateOpenIDConnectProvider',
    Url: issuer,
    'ClientIDList.member.1': audience,
    'ThumbprintList.member.1': thumbprint
  });
  const made = await call({
    Action: 'CreateRole',
    RoleName: name,
    Path: '/',
    AssumeRolePolicyDocument: policy({
      Effect: 'Allow',
      Principal: { Federated: [provider] },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${called}:aud`]: audience } }
    })
  });
  await call({
    Action: 'PutRolePolicy',
    RoleName: name,
    PolicyName: 'all',
    PolicyDocument: policy({ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::*' })
  });
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(made)?.[1];
  if (arn === undefined) throw new Error(`The gateway made no role: ${made}`);
  return arn;
}

async function iam(endpoint: string, key: Key, parameters: Record<string, string>): Promise<string> {
  const url = new URL(endpoint);
  // The gateway does not read + as a space; there is none.
  const body = new URLSearchParams({ ...parameters, Version: '2010-05-08' }).toString();
  const signer = new SignatureV4({ service: 'iam', region: 'us-east-1', credentials: key, sha256: Sha256 });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: 'http:',
    hostname: url.hostname,
    path: '/',
    query: {},
    headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body
  });
  const { host: _, ...rest } = headers;
  const answer = await fetch(endpoint, { method: 'POST', headers: rest, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${parameters['Action']}: ${answer.status} ${text}`);
  return text;
}
