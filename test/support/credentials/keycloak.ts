import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keycloakProgram } from '../../../scripts/setup/keycloak.mjs';
import { freePort, launch, scratchFolder } from '../s3/process.js';
import { certifiedKey } from '../s3/webIdentity.js';

/** How long its start may take on a busy machine, in seconds. */
const PATIENCE = 300;
export const PASSWORD = 'keycloak-password-of-the-tests';

export interface Keycloak {
  issuer: string;
  /** Of the certificate of the key with which it signs. */
  thumbprint: string;
  stop(): Promise<void>;
}

/** A client that anybody may use, by device codes and by pages. */
const client = (clientId: string, redirect: string, attributes: object = {}): object => ({
  clientId,
  publicClient: true,
  standardFlowEnabled: true,
  redirectUris: [redirect],
  directAccessGrantsEnabled: false,
  consentRequired: true,
  attributes: {
    'oauth2.device.authorization.grant.enabled': 'true',
    'oauth2.device.polling.interval': '1',
    ...attributes
  },
  defaultClientScopes: ['basic', 'profile', 'email'],
  optionalClientScopes: ['offline_access']
});

/**
 * Starts a real Keycloak with a realm `lake`: refresh tokens count once; one key signs, so that it is the first that it
 * publishes; the clients `lakeside` and `lakeside-hasty`, whose codes live for three seconds.
 *
 * @param people - their names; all have the same password
 */
export async function startKeycloak(people: string[], redirect: string): Promise<Keycloak> {
  const program = await keycloakProgram();
  const folder = scratchFolder('keycloak');
  const signing = certifiedKey();
  for (const name of ['lib', 'providers', 'themes']) symlinkSync(join(program, name), join(folder, name));
  cpSync(join(program, 'conf'), join(folder, 'conf'), { recursive: true });
  mkdirSync(join(folder, 'data', 'import'), { recursive: true });
  const key = (providerId: string, config: Record<string, string>): object => ({
    name: providerId,
    providerId,
    config: Object.fromEntries(Object.entries(config).map(([name, value]) => [name, [value]]))
  });
  const realm = {
    realm: 'lake',
    enabled: true,
    sslRequired: 'none',
    revokeRefreshToken: true,
    refreshTokenMaxReuse: 0,
    accessTokenLifespan: 300,
    clients: [client('lakeside', redirect), client('lakeside-hasty', redirect, { 'oauth2.device.code.lifespan': '3' })],
    users: people.map(username => ({
      username,
      enabled: true,
      email: `${username}@example.org`,
      emailVerified: true,
      firstName: username,
      lastName: 'of the tests',
      realmRoles: ['default-roles-lake'],
      credentials: [{ type: 'password', value: PASSWORD, temporary: false }]
    })),
    components: {
      'org.keycloak.keys.KeyProvider': [
        key('rsa', { privateKey: signing.privateKey, certificate: signing.certificate, priority: '200' }),
        key('hmac-generated', { algorithm: 'HS512' }),
        key('aes-generated', {})
      ]
    }
  };
  writeFileSync(join(folder, 'data', 'import', 'lake.json'), JSON.stringify(realm));
  const [port, management] = [await freePort(), await freePort()];
  const opens = ['util', 'util.concurrent', 'security', 'lang'].map(
    name => `--add-opens=java.base/java.${name}=ALL-UNNAMED`
  );
  const server = launch(
    '/usr/bin/java',
    [
      ...['-Xms64m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...opens],
      `-Dkc.home.dir=${folder}`,
      `-Djboss.server.config.dir=${join(folder, 'conf')}`,
      '-Djava.util.logging.manager=org.jboss.logmanager.LogManager',
      '-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory',
      ...['-cp', join(program, 'lib', 'quarkus-run.jar'), 'io.quarkus.bootstrap.runner.QuarkusEntryPoint'],
      ...['start', '--optimized', '--import-realm', '--cache=local', '--hostname-strict=false', '--http-enabled=true'],
      ...['--http-host=127.0.0.1', `--http-port=${port}`, `--http-management-port=${management}`]
    ],
    { HOME: folder },
    folder
  );
  const issuer = `http://127.0.0.1:${port}/realms/lake`;
  try {
    for (let tries = 0; ; tries++) {
      const answer = await fetch(`${issuer}/.well-known/openid-configuration`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok === true) break;
      if (server.hasEnded || tries === PATIENCE * 5) throw new Error(`Keycloak does not start: ${server.log()}`);
      await sleep(200);
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { issuer, thumbprint: signing.thumbprint, stop: () => server.stop() };
}
