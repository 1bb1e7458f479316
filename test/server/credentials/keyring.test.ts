import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createKeyring } from '../../../server/adapters/keyring-program/index.js';
import { scratch } from '../../support/scratch.js';

// Against programs that stand for secret-tool and security, never the real ones: no machine of the tests has a desktop.

/** Puts a program of that name into a folder: it notes its arguments, and keeps what it is given. */
function standIn(folder: string, name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\necho "$@" >> "${folder}/arguments"\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

const given = (folder: string): Record<string, string> => ({
  PATH: `${folder}:/usr/bin:/bin`,
  DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere'
});

test('the Secret Service keeps what it is given, and no secret is an argument', async () => {
  const folder = scratch();
  standIn(
    folder,
    'secret-tool',
    `case "$1" in store) cat > "${folder}/kept" ;; lookup) test -f "${folder}/kept" && cat "${folder}/kept" ;; esac`
  );
  const keyring = createKeyring({ platform: 'linux', environment: given(folder) });
  expect(await keyring?.get('home')).toBeUndefined();
  await keyring?.set('home', 'the-key-itself');
  expect(await keyring?.get('home')).toBe('the-key-itself');
  expect(readFileSync(join(folder, 'arguments'), 'utf8')).not.toContain('the-key-itself');
});

test('one that fails, hangs or is not there is an error, not an empty keyring', async () => {
  const folder = scratch();
  const keyring = createKeyring({ platform: 'linux', environment: given(folder) });
  await expect(keyring?.get('home')).rejects.toThrow();
  standIn(folder, 'secret-tool', 'echo "Cannot autolaunch D-Bus" >&2; exit 1');
  await expect(keyring?.get('home')).rejects.toThrow('cannot be asked');
  await expect(keyring?.set('home', 'x')).rejects.toThrow('did not keep');
  standIn(folder, 'secret-tool', 'exec sleep 60');
  await expect(keyring?.get('home')).rejects.toThrow('3 seconds');
}, 15_000);

test('the keychain of a Mac gets the secret through its standard input', async () => {
  const folder = scratch();
  standIn(
    folder,
    'security',
    `if [ "$1" = -i ]; then read line; echo "$line" | sed 's/.*-w "\\(.*\\)"$/\\1/' > "${folder}/kept"; exit 0; fi
test -f "${folder}/kept" && cat "${folder}/kept" || exit 44`
  );
  const keyring = createKeyring({ platform: 'darwin', environment: given(folder) });
  expect(await keyring?.get('home')).toBeUndefined();
  await keyring?.set('home', 'the-key-itself');
  expect(await keyring?.get('home')).toBe('the-key-itself');
  expect(readFileSync(join(folder, 'arguments'), 'utf8')).not.toContain('the-key-itself');
});

test('a pod has none', () => {
  expect(createKeyring({ platform: 'linux', environment: { PATH: '/usr/bin' } })).toBeUndefined();
});
