// The browser of the tests: the one that is there, else Debian's.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError, run } from './run.mjs';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const TRIES = 30;

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
    if (process.getuid?.() !== 0)
      throw new SetupError('There is no Chromium, and only root can install one.', { cure: how });
    if (!existsSync('/usr/bin/apt-get'))
      throw new SetupError('There is no Chromium, and no apt-get to install it.', { cure: how });
    try {
      await apt(['install', '-y', '--no-install-recommends', 'chromium']);
    } catch (error) {
      // No package lists yet, or old ones.
      if (!(error instanceof SetupError)) throw error;
      await apt(['update']);
      await apt(['install', '-y', '--no-install-recommends', 'chromium']);
    }
    if (findChromium() === undefined) throw new SetupError('apt-get installed no Chromium.', { cure: how });
  }
};

/** Runs apt-get, and waits where another process holds its lock. */
async function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  for (let attempt = 1; ; attempt++) {
    try {
      await run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], { env });
      return;
    } catch (error) {
      const locked =
        error instanceof SetupError && error.tail.some(line => /Could not get lock|is another process/.test(line));
      if (!locked || attempt === TRIES) throw error;
      await sleep(5_000);
    }
  }
}
