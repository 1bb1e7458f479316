// The browser of the tests: the one that is there, else Debian's.
import { existsSync } from 'node:fs';
import { aptInstall } from './apt.mjs';
import { SetupError } from './run.mjs';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of a Chromium: the variable CHROMIUM, else the usual places; undefined where there is none. */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named && !existsSync(named)) {
    throw new SetupError(`CHROMIUM is "${named}", which does not exist.`, {
      cure: 'Correct the variable or unset it.'
    });
  }
  return named || usual.find(path => existsSync(path));
}

/** Installs Debian's Chromium where there is none. */
export const chromiumStep = {
  name: 'Chromium',
  isDone: () => findChromium() !== undefined,
  details: "Debian's, 100 MB to load",
  async make() {
    const how = 'Install it (apt-get install chromium) or set CHROMIUM to the path of one.';
    await aptInstall('Chromium', ['chromium'], how);
    if (findChromium() === undefined) throw new SetupError('apt-get installed no Chromium.', { cure: how });
  }
};
