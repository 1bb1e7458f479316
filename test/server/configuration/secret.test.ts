import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSecretReader, Secret } from '../../../server/configuration/secret.js';
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

const where = 'must say where the secret is, {env: NAME} or {file: /path}, never the secret itself';

test.each<[unknown, string]>([
  [{ env: 'A B' }, 'must be the name of a variable'],
  [{ env: '' }, 'must be the name of a variable'],
  [{ file: 'relative' }, 'must be an absolute path'],
  [{ env: 'A', file: '/a' }, where],
  [{ credential: 'x' }, where],
  ['plain', where],
  [{}, where],
  [null, where]
])('%j is no reference', (given, sentence) => {
  expect(Secret.safeParse(given).error?.issues.map(({ message }) => message)).toEqual([sentence]);
});
