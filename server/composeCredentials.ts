import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../contract/problem.js';
import { systemClock } from './adapters/clock-system/index.js';
import { composeProfiles } from './composeProfiles.js';
import type { ProfilesSurroundings } from './composeProfiles.js';
import type { Account } from './configuration/secret.js';
import type { CredentialDoctor } from './credentials/doctor/doctor.js';
import type { Endpoint, Target } from './credentials/endpoint/endpoint.js';
import type { Recorder } from './credentials/endpoint/recorder.js';
import type { Grants } from './credentials/grants/grants.js';
import type { HandedOut, HandOuts } from './credentials/handOut.js';
import type { AwsKeys } from './credentials/ports.js';
import type { Renewal } from './credentials/renewal.js';
import type { CredentialService } from './credentials/service.js';
import type { SignIns } from './credentials/signIns.js';
import { environmentOfPrograms } from './environment.js';
import { createFailPoint } from './failpoint.js';
import { registerSecret, withoutSecrets } from './logging.js';
import type { Ids } from './ports.js';

export interface CredentialsSurroundings extends ProfilesSurroundings {
  ids: Ids;
  /** The key of the store that came with the start, not with the environment. */
  key?: string | undefined;
}

/** The credentials of the configuration. Nothing is loaded before somebody asks for one. */
export interface ComposedCredentials {
  service: () => Promise<CredentialService>;
  /** Looks at how kernels find their keys. */
  doctor: () => Promise<CredentialDoctor>;
  /** Keys, for commands that give them on. */
  handOuts: () => Promise<HandOuts>;
  /** Which schedules may use profiles. */
  grants: () => Promise<Grants>;
  /** Where programs get the keys of a grant; undefined where nobody listens. */
  doorOf: (grant: string) => { url: string; tokenFile: string } | undefined;
  /**
   * What a profile opens a database with, for the features of this process; recorded as handed to it.
   *
   * @throws ProblemError `credential-signin`, `invalid`
   */
  account(profile: string): Promise<Account>;
  /** The same with keys of AWS, which end when they say and may be replaced before. */
  awsKeys(profile: string): Promise<AwsKeys>;
  /**
   * Gives keys to programs of this machine from now on. @returns the address for their environment
   *
   * @param tokenFile - absent: the one of the home, which the Jupyter server makes
   */
  listen(target: Target, tokenFile?: string): Promise<string>;
  /** Renews sessions from now on. */
  watch(): void;
  close(): Promise<void>;
}

/** The folder of the store, below the home. */
export const FOLDER = 'credentials';
/** What clients of the endpoint send, in a file of that folder. */
export const TOKEN_FILE = 'endpoint-token';
/** Before the id of a grant, where its keys are asked for. */
const GRANTS = 'grants/';

export function composeCredentials(surroundings: CredentialsSurroundings): ComposedCredentials {
  let made: Promise<Parts> | undefined;
  const endpoints: Endpoint[] = [];
  let address: string | undefined;
  let token = '';
  let isClosed = false;

  function parts(): Promise<Parts> {
    made ??= make(surroundings, () => address);
    made.catch(() => (made = undefined));
    return made;
  }

  return {
    service: async () => (await parts()).service,
    doctor: async () => (await parts()).doctor,
    handOuts: async () => (await parts()).handOuts,
    async account(profile) {
      const { handOuts, recorder } = await parts();
      const out = await handOuts.secret(profile, 'try again');
      await recorded(recorder, out);
      return { user: out.keys.user, secret: out.keys.password };
    },
    async awsKeys(profile) {
      const { handOuts, recorder } = await parts();
      const out = await handOuts.awsOf(profile, 'try again');
      await recorded(recorder, out);
      return { ...out.keys, expiresAt: out.expiresAt };
    },
    grants: async () => (await parts()).grants,
    doorOf: grant =>
      address === undefined
        ? undefined
        : { url: address.replace(/credentials\/active$/, `${GRANTS}${grant}`), tokenFile: token },
    async listen(target, tokenFile = join(surroundings.config.home, FOLDER, TOKEN_FILE)) {
      const { createEndpoint } = await import('./credentials/endpoint/endpoint.js');
      const { createPeers } = await import('./adapters/peer-proc/index.js');
      const endpoint = createEndpoint({
        async handOut(name) {
          const { handOuts, grants } = await parts();
          return name.startsWith(GRANTS) ? grants.handOut(name.slice(GRANTS.length)) : handOuts.aws(name);
        },
        handOutSecret: async name => (await parts()).handOuts.secret(name),
        handedOut: (...told) => void parts().then(({ recorder }) => recorder.handedOut(...told)),
        tokenFile,
        peers: createPeers(),
        clock: systemClock,
        log: surroundings.log
      });
      endpoints.push(endpoint);
      await endpoint.listen(target);
      const url = endpoint.url();
      if (url === undefined) throw new Error('The endpoint of credentials has no address.');
      token = tokenFile;
      return (address = url);
    },
    watch() {
      const start = ({ renewal }: Parts): void => {
        if (!isClosed) renewal.start();
      };
      parts().then(start, (error: unknown) => surroundings.log.warn({ err: error }, 'sessions are not renewed'));
    },
    async close() {
      isClosed = true;
      await Promise.all(endpoints.map(each => each.close()));
      const all = await made?.catch(() => undefined);
      all?.signIns.stop();
      all?.renewal.stop();
      await all?.recorder.close();
    }
  };
}

/** This process, as the record of hand-outs names it. */
const self = { pid: process.pid, started: String(Math.round(performance.timeOrigin)), program: 'lakeside' };

/** A feature gets keys once it is written down. */
async function recorded(recorder: Recorder, out: HandedOut): Promise<void> {
  recorder.handedOut(out, self, true, 'system');
  await recorder.close();
}

interface Parts {
  service: CredentialService;
  doctor: CredentialDoctor;
  handOuts: HandOuts;
  grants: Grants;
  signIns: SignIns;
  renewal: Renewal;
  recorder: Recorder;
}

async function make(surroundings: CredentialsSurroundings, endpoint: () => string | undefined): Promise<Parts> {
  const { config, log, ids } = surroundings;
  const clock = systemClock;
  const load = await import('./composeCredentialParts.js');
  const directory = join(config.home, FOLDER);
  const exclusive = load.createSqliteLocks(join(directory, 'locks'), clock);
  const environment = { ...environmentOfPrograms(config.variable), ...busOf(config.variable) };
  const store = load.createSessionStore({
    directory,
    findKey: async () =>
      load.findKey({
        directory,
        given: await givenKey(surroundings),
        keyring: load.createKeyring({ platform: process.platform, environment }),
        register: registerSecret,
        log
      }),
    exclusive,
    register: registerSecret,
    failPoint: createFailPoint(config.failPoint)
  });
  let next = Promise.withResolvers<undefined>();
  const changed = (): void => {
    const { resolve } = next;
    next = Promise.withResolvers();
    resolve(undefined);
  };
  const choices = load.createChoices(directory, exclusive);
  const audit = load.createAuditLog({ directory, exclusive, clock, log });
  const sessions = load.createSessions({
    profiles: composeProfiles(surroundings),
    store,
    choices,
    audit,
    exclusive,
    clock,
    ids,
    log,
    redact: withoutSecrets,
    changed
  });
  const signIns = load.createSignIns({ sessions, clock, changed });
  const handOuts = load.createHandOuts({ sessions, choices, clock, log });
  const grants = load.createGrants({
    sessions,
    store: load.createGrantStore({ directory, key: () => store.key(), log }),
    keys: load.createGrantKeys({ sessions, clock, register: registerSecret }),
    audit,
    exclusive,
    clock,
    ids,
    changed
  });
  const service = load.createCredentialService({
    sessions,
    signIns,
    handOuts,
    grants,
    choices,
    audit,
    key: () => store.key(),
    endpoint,
    clock,
    nextChange: async () => next.promise
  });
  const doctor = load.createCredentialDoctor({
    sessions,
    handOuts,
    kernel: load.kernelView(surroundings.kernelEnvironment ?? config.kernelEnvironment),
    choices,
    endpoint,
    isCommand: surroundings.kernelEnvironment === undefined,
    exclusive
  });
  const renewal = load.createRenewal({ sessions, choices, clock, log });
  const recorder = load.createRecorder(audit, log);
  return { service, doctor, handOuts, grants, signIns, renewal, recorder };
}

/** How the keyring of a desktop is reached. */
function busOf(variable: (name: string) => string | undefined): Record<string, string> {
  const names = ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'HOME'];
  return Object.fromEntries(
    names.flatMap(name => {
      const value = variable(name);
      return value === undefined ? [] : [[name, value]];
    })
  );
}

async function givenKey({ config, key }: CredentialsSurroundings): Promise<string | undefined> {
  const { key: fromVariable, keyFile } = config.credentials;
  if (keyFile === undefined) return key ?? fromVariable;
  try {
    return (await readFile(keyFile, 'utf8')).trim();
  } catch (error) {
    throw new ProblemError(
      'invalid',
      `LAKESIDE_CREDENTIALS_KEY_FILE names ${keyFile}, which cannot be read. Make it readable for the account that Lakeside runs under.`,
      { cause: error }
    );
  }
}
