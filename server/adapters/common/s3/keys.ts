import { ProblemError } from '../../../../contract/problem.js';
import type { Secret } from '../../../configuration/secret.js';
import type { PluginSurroundings } from '../../../plugins/plugin.js';
import type { S3Settings } from './settings.js';

/** How long a key is used before it is read again: what it refers to may have a newer one. Milliseconds. */
const KEY_AGE = 5 * 60_000;

/** A key as the SDK wants it. Secret. */
export interface ProvidedKey {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration: Date;
}

/**
 * What a client asks for its key, again and again, so that one that lives on goes on with a newer key.
 *
 * @returns undefined where AWS's own order holds
 */
export function keyProvider(
  credentials: S3Settings['credentials'],
  { readSecret, awsKeys, clock, settings }: PluginSurroundings
): (() => Promise<ProvidedKey>) | undefined {
  if (credentials === undefined) return undefined;
  const { profile, accessKeyId, secretAccessKey, sessionToken } = credentials;
  const soon = (end = Infinity): Date => new Date(Math.min(end, clock.now() + KEY_AGE));
  if (profile !== undefined) {
    return async () => {
      if (awsKeys === undefined) throw new ProblemError('invalid', `${settings} cannot take keys from a profile.`);
      const keys = await awsKeys(profile);
      return {
        accessKeyId: keys.accessKeyId,
        secretAccessKey: keys.secretAccessKey,
        ...(keys.sessionToken !== undefined && { sessionToken: keys.sessionToken }),
        expiration: soon(keys.expiresAt)
      };
    };
  }
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  const read = async (value: string | Secret): Promise<string> =>
    typeof value === 'string' ? value : readSecret(value);
  return async () => ({
    accessKeyId: await read(accessKeyId),
    secretAccessKey: await read(secretAccessKey),
    ...(sessionToken && { sessionToken: await read(sessionToken) }),
    expiration: soon()
  });
}
