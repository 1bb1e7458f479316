import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  createAccountReader,
  createSecretReader,
  OwnSecret,
  referencesIn,
  Secret
} from '../../../server/configuration/secret.js';
import type { Account } from '../../../server/configuration/secret.js';
import { registerSecret, withoutSecrets } from '../../../server/logging.js';
import { scratch } from '../../support/scratch.js';

const variables: Record<string, string> = { S3_KEY: 'correct horse battery', EMPTY: '' };
const read = createSecretReader({ variable: name => variables[name], register: registerSecret });

test('is read from a variable or a file, and never gets into the log from then on', async () => {
  expect(withoutSecrets('correct horse battery')).toBe('correct horse battery');
  expect(await read({ env: 'S3_KEY' })).toBe('correct horse battery');
  expect(withoutSecrets('key=correct horse battery!')).toBe('key=[secret]!');

  const file = join(scratch(), 'key');
  writeFileSync(file, 'first staple value\n');
  expect(await read({ file })).toBe('first staple value');
  writeFileSync(file, 'second staple value\n');
  expect(await read({ file })).toBe('second staple value');
  expect(withoutSecrets(Buffer.from('second staple value').toString('base64url'))).toBe('[secret]');
});

test('that is not there is told with its reference', async () => {
  await expect(read({ env: 'NOWHERE' })).rejects.toThrow('the variable NOWHERE, which is not set');
  await expect(read({ env: 'EMPTY' })).rejects.toThrow('EMPTY');
  const folder = scratch();
  await expect(read({ file: join(folder, 'none') })).rejects.toThrow('which does not exist');
  await expect(read({ file: folder })).rejects.toThrow('which cannot be read');
  writeFileSync(join(folder, 'empty'), '\n');
  await expect(read({ file: join(folder, 'empty') })).rejects.toThrow('which is empty');
});

test('comes from a profile of credentials, which may name the user too, and never gets into the log', async () => {
  let now: Account = { user: 'ada', secret: 'warehouse staple one' };
  const sources = { variable: () => undefined, register: registerSecret, account: () => Promise.resolve(now) };
  expect(await createAccountReader(sources)({ credential: 'warehouse' })).toEqual(now);
  expect(withoutSecrets('pw=warehouse staple one')).toBe('pw=[secret]');
  now = { secret: 'warehouse staple two' };
  expect(await createSecretReader(sources)({ credential: 'warehouse' })).toBe('warehouse staple two');
  expect(withoutSecrets('pw=warehouse staple two')).toBe('pw=[secret]');
});

test('of a profile itself comes from no other profile', async () => {
  await expect(read({ credential: 'other' })).rejects.toMatchObject({
    code: 'invalid',
    message:
      'A profile of credentials cannot take its own secret from the profile other. Refer to it by {env: NAME} or {file: /path}.'
  });
  expect(OwnSecret.safeParse({ credential: 'other' }).error?.issues.map(({ message }) => message)).toEqual([
    'must say where the secret is, {env: NAME} or {file: /path}, never the secret itself'
  ]);
});

test('references are found however deep they stand', () => {
  const settings = { a: { env: 'A' }, list: [{ b: { credential: 'b' } }, { credential: 'not a name' }], c: 'text' };
  expect(referencesIn(settings)).toEqual([{ env: 'A' }, { credential: 'b' }]);
});

const where =
  'must say where the secret is, {env: NAME}, {file: /path} or {credential: PROFILE}, never the secret itself';
const name = 'must be a name of small letters, digits and hyphens, and not "active"';

test.each<[unknown, string]>([
  [{ env: 'A B' }, 'must be the name of a variable'],
  [{ env: '' }, 'must be the name of a variable'],
  [{ file: 'relative' }, 'must be an absolute path'],
  [{ env: 'A', file: '/a' }, where],
  [{ credential: 'active' }, name],
  [{ credential: 'x', env: 'A' }, where],
  ['plain', where],
  [{}, where],
  [null, where]
])('%j is no reference', (given, sentence) => {
  expect(Secret.safeParse(given).error?.issues.map(({ message }) => message)).toEqual([sentence]);
});
