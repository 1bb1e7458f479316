import { createHash } from 'node:crypto';
import type { ComposedCredentials } from './composeCredentials.js';
import type { Config } from './config.js';
import { registerSecret } from './logging.js';
import type { PluginSurroundings } from './plugins/plugin.js';
import type { Log } from './ports.js';

/** What the features of this process get from profiles of credentials. */
export type CredentialUse = Pick<ComposedCredentials, 'account' | 'awsKeys'>;

export interface SecretSurroundings {
  config: Config;
  log: Log;
  /** The folder of the bundled programs. */
  programs: string;
  /** Absent, as in a command: composed here, when the first profile is referred to. */
  credentials?: CredentialUse | undefined;
  /** What the kernels of the Jupyter server get; references may be to any of it. */
  kernelEnvironment?: Readonly<Record<string, string>> | undefined;
}

/** How a plug-in reads its secrets. */
export type SecretReaders = Required<Pick<PluginSurroundings, 'readSecret' | 'readAccount' | 'awsKeys'>>;

/** @param variable - the environment in which references to variables are looked up */
export async function composeSecrets(
  surroundings: SecretSurroundings,
  variable: (name: string) => string | undefined = surroundings.config.variable
): Promise<SecretReaders> {
  const { createAccountReader, createSecretReader } = await import('./configuration/secret.js');
  let use: Promise<CredentialUse> | undefined;
  const credentials = (): Promise<CredentialUse> => (use ??= credentialsOf(surroundings));
  const sources = {
    variable,
    register: registerSecret,
    account: async (profile: string) => (await credentials()).account(profile)
  };
  return {
    readSecret: createSecretReader(sources),
    readAccount: createAccountReader(sources),
    awsKeys: async profile => (await credentials()).awsKeys(profile)
  };
}

/**
 * Stands for what the profiles say now that some settings refer to: another value means that whatever was made of these
 * settings holds an old secret. Empty where they refer to none.
 *
 * @throws ProblemError `credential-signin` where somebody has to sign in first
 */
export async function credentialStamp(
  settings: unknown,
  { readAccount }: Pick<SecretReaders, 'readAccount'>
): Promise<string> {
  const { referencesIn } = await import('./configuration/secret.js');
  const references = referencesIn(settings).filter(reference => 'credential' in reference);
  if (references.length === 0) return '';
  const accounts = await Promise.all(references.map(reference => readAccount(reference)));
  return createHash('sha256').update(JSON.stringify(accounts)).digest('base64url');
}

async function credentialsOf(surroundings: SecretSurroundings): Promise<CredentialUse> {
  if (surroundings.credentials !== undefined) return surroundings.credentials;
  const { composeCredentials } = await import('./composeCredentials.js');
  const { composeIds } = await import('./composeIds.js');
  const { config, log, programs, kernelEnvironment = {} } = surroundings;
  return composeCredentials({ config, log, programs, kernelEnvironment, ids: composeIds() });
}
