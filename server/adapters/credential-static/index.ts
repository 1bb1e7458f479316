import { ProblemError } from '../../../contract/problem.js';
import type { Secret } from '../../configuration/secret.js';
import type { CredentialProvider, Grant } from '../../credentials/ports.js';
import type { StaticSettings } from './plugin.js';

export interface StaticOptions {
  settings: StaticSettings;
  readSecret: (reference: Secret) => Promise<string>;
  label: string;
  /** Where the settings stand. */
  where: string;
}

/** Keys by reference. They are read at each use and never kept. */
export function createStaticProvider({ settings, readSecret, label, where }: StaticOptions): CredentialProvider {
  async function ambient(): Promise<Grant> {
    const [accessKeyId, secretAccessKey, sessionToken] = await Promise.all([
      readSecret(settings.accessKeyId),
      readSecret(settings.secretAccessKey),
      settings.sessionToken && readSecret(settings.sessionToken)
    ]);
    for (const [name, value] of Object.entries({ accessKeyId, secretAccessKey, sessionToken })) {
      if (value !== undefined && /[^\x21-\x7e]/.test(value)) {
        throw new ProblemError(
          'credential-failed',
          `What ${where} refers to as ${name} is no key: it holds spaces, new lines or letters that keys do not have. Put the key alone there.`
        );
      }
    }
    // The id is no secret; its end tells two keys apart.
    const name = `${label} (…${accessKeyId.slice(-4)})`;
    return { keys: { kind: 'aws', accessKeyId, secretAccessKey, sessionToken }, identity: { name } };
  }

  return {
    method: 'none',
    opens: 'aws',
    ambient,
    signIn: ambient,
    async check() {
      await ambient();
      return [{ state: 'ok', detail: 'The keys are where the configuration says.' }];
    }
  };
}
