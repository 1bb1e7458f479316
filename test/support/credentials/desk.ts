import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CredentialsOverview, SignIn } from '../../../contract/credentials/index.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createIds } from '../../../server/ids.js';
import { startJupyter } from '../../browser/jupyter.js';
import type { Jupyter } from '../../browser/jupyter.js';
import { programs } from '../programs.js';
import { drive } from './headless.js';
import { CLIENT, startOidcServer } from './oidcServer.js';
import type { OidcServer } from './oidcServer.js';
import { DEVICE, ROLES, stsTwin, USER } from './stsTwin.js';
import type { StsTwin } from './stsTwin.js';

export interface Answer {
  status: number;
  /** Of the shape that the contract gives the route. */
  body: unknown;
}

/** A real Jupyter server with a real sidecar, an identity provider and a strict twin of STS. */
export interface Desk {
  jupyter: Jupyter;
  provider: OidcServer;
  twin: StsTwin;
  /** Everything that Jupyter and its children write lies below these. */
  folders: string[];
  /** Of the command line of the same person. */
  environment: Record<string, string>;
  /** A request as the browser sends it. @returns the answer's status and body */
  ask(method: string, path: string, body?: object): Promise<Answer>;
  overview(): Promise<CredentialsOverview>;
  /** A sign-in of its own to a profile. */
  begin(profile: string, activate?: boolean): Promise<SignIn>;
  /** The sign-in as soon as it satisfies. */
  until(id: string, satisfies: (now: SignIn) => boolean): Promise<SignIn>;
  /** Confirms the code of a sign-in at the provider. */
  confirm(shown: SignIn, person: string): Promise<void>;
  /** Where kernels ask, and with which token. */
  endpoint(): Promise<{ url: string; token: string }>;
  close(): Promise<void>;
}

/** Starts one with the profiles `dev` (device codes), `prod` (six digits), `lab` (keys in files), `warehouse`. */
export async function startDesk(laboratory: { id: string; secret: string }): Promise<Desk> {
  const ends: (() => unknown)[] = [];
  const provider = await startOidcServer({ interval: 1 });
  const trusted = { issuer: provider.issuer, audience: CLIENT };
  const twin = await stsTwin(systemClock, { trusted, atEnd: end => ends.push(end) });
  // What the configuration refers to is kept by others, and not searched.
  const configured = mkdtempSync(join(tmpdir(), 'lakeside-desk-'));
  const home = mkdtempSync(join(tmpdir(), 'lk-'));
  mkdirSync(join(configured, 'lakeside'));
  mkdirSync(join(home, 'tmp'));
  const secret = (name: string, text: string): string => {
    const file = join(configured, name);
    writeFileSync(file, text, { mode: 0o600 });
    return `{file: ${file}}`;
  };
  writeFileSync(
    join(configured, 'lakeside', 'config.yml'),
    `profiles:
  dev:
    kind: oidc
    issuer: ${provider.issuer}
    clientId: ${CLIENT}
    endpoint: ${twin.url}
    roles: [{id: reader, arn: "${ROLES.reader}", hours: 1}]
  prod:
    kind: iam-mfa
    endpoint: ${twin.url}
    credentials: {accessKeyId: ${secret('id', USER.accessKeyId)}, secretAccessKey: ${secret('key', twin.secretAccessKey)}}
    device: ${DEVICE}
  lab:
    kind: static
    accessKeyId: ${secret('lab-id', laboratory.id)}
    secretAccessKey: ${secret('lab-key', laboratory.secret)}
  warehouse: {kind: database, user: ada}
`
  );
  const environment = { HOME: home, XDG_CONFIG_HOME: configured, TMPDIR: join(home, 'tmp'), TZ: 'UTC' };
  const jupyter = await startJupyter({
    args: [`--Lakeside.program=${join(programs, 'main.js')}`],
    env: {
      ...environment,
      JUPYTER_RUNTIME_DIR: join(home, 'runtime'),
      PYTHONPATH: process.cwd(),
      LAKESIDE_LOG_LEVEL: 'debug',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_STS: twin.url
    }
  });
  // Others may come as far as the home of Lakeside: what is in it is protected by itself.
  for (const folder of [home, dirname(jupyter.home)]) chmodSync(folder, 0o755);
  const ids = createIds(systemClock);

  async function ask(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await jupyter.fetch(path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
  }
  const credentials = 'lakeside/api/v1/credentials';
  const overview = async (): Promise<CredentialsOverview> =>
    (await ask('GET', credentials)).body as CredentialsOverview;

  return {
    jupyter,
    provider,
    twin,
    folders: [dirname(jupyter.home), home],
    environment: { ...environment, LAKESIDE_HOME: jupyter.home },
    ask,
    overview,
    begin: async (profile, activate = true) =>
      (await ask('POST', `${credentials}/profiles/${profile}/sign-in`, { signInId: ids.next(), activate }))
        .body as SignIn,
    async until(id, satisfies) {
      for (let tries = 0; ; tries++) {
        const { body } = await ask('GET', `${credentials}/sign-ins/${id}`);
        if (satisfies(body as SignIn)) return body as SignIn;
        if (tries === 300) throw new Error(`The sign-in stands still: ${JSON.stringify(body)}`);
        await systemClock.sleep(100, new AbortController().signal);
      }
    },
    async confirm({ step }, login) {
      if (step?.kind !== 'device') throw new Error(`No code is shown: ${JSON.stringify(step)}`);
      await drive(step.verificationUriComplete ?? step.verificationUri, { login, code: provider.code });
    },
    async endpoint() {
      const { endpoint } = await overview();
      const token = readFileSync(join(jupyter.home, 'credentials', 'endpoint-token'), 'utf8');
      return { url: endpoint?.url ?? '', token };
    },
    async close() {
      await jupyter.stop();
      for (const end of ends) end();
      await provider.close();
      for (const folder of [configured, home]) rmSync(folder, { recursive: true, force: true });
    }
  };
}
