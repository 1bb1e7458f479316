import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLiveSecrets } from '../../../../server/adapters/livesecrets-files/index.js';
import { secretPlaces } from '../../../../server/config.js';
import { scratch } from '../../../support/scratch.js';

test('reads the files of credentials as they are now, and registers what it reads', async () => {
  const folder = scratch();
  const files = { aws: join(folder, 'credentials'), netrc: join(folder, 'netrc'), pgpass: join(folder, 'pgpass') };
  const registered: string[] = [];
  const secrets = createLiveSecrets({
    variables: [{ name: 'PGPASSWORD', value: 'from-env' }],
    files,
    register: value => registered.push(value)
  });
  expect(await secrets.current()).toEqual([{ name: 'the variable PGPASSWORD', value: 'from-env' }]);

  writeFileSync(
    files.aws,
    '[default]\naws_access_key_id = ID\naws_secret_access_key = one+/=\n\n[ dev ]\r\nAWS_SESSION_TOKEN=two\r\nregion = x\n'
  );
  writeFileSync(
    files.netrc,
    '# comment\nmachine h login password password p1 account a\nmacdef init\nmachine no password no\n\nmachine i\n  login u\n  password "p \\"2"\ndefault password p3\n'
  );
  writeFileSync(files.pgpass, '# c\nh:5432:*:u:a\\:b\\\\c\n\n*:*:*:*:plain\nbroken\n');
  const found = await secrets.current();
  expect(found.map(({ name, value }) => `${name} = ${value}`)).toEqual([
    'the variable PGPASSWORD = from-env',
    'AWS profile default = one+/=',
    'AWS profile dev = two',
    '.netrc for h = p1',
    '.netrc for i = p "2',
    '.netrc for default = p3',
    '.pgpass for h = a:b\\c',
    '.pgpass for * = plain'
  ]);
  expect(new Set(registered)).toEqual(new Set(found.map(({ value }) => value)));
});

test('variables whose names say that they hold a secret, and passwords in addresses; files where programs look', () => {
  const { variables, files } = secretPlaces({
    HOME: '/h',
    PGPASSWORD: 'a',
    GITHUB_TOKEN: 'b',
    AWS_SECRET_ACCESS_KEY: 'c',
    HTTPS_PROXY: 'http://u:d@proxy:3128',
    PWD: '/x',
    TOKEN_URL: 'https://x',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/x',
    TOKENIZERS_PARALLELISM: 'false',
    LANG: 'C',
    PGPASSFILE: '/p'
  });
  expect(variables.map(({ name, value }) => `${name}=${value}`)).toEqual([
    'PGPASSWORD=a',
    'GITHUB_TOKEN=b',
    'AWS_SECRET_ACCESS_KEY=c',
    'HTTPS_PROXY=d'
  ]);
  expect(files).toEqual({ aws: '/h/.aws/credentials', netrc: '/h/.netrc', pgpass: '/p' });
});
