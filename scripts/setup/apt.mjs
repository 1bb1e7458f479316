// Debian's packages.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError, run } from './run.mjs';

const TRIES = 30;

/**
 * Installs packages, after reading the lists anew where they are missing or old.
 *
 * @param what - what they are for, as a sentence names it
 */
export async function aptInstall(what, packages, cure) {
  if (process.getuid?.() !== 0) throw new SetupError(`There is no ${what}, and only root can install it.`, { cure });
  if (!existsSync('/usr/bin/apt-get'))
    throw new SetupError(`There is no ${what}, and no apt-get to install it.`, { cure });
  try {
    await apt(['install', '-y', '--no-install-recommends', ...packages]);
  } catch (error) {
    // No package lists yet, or old ones.
    if (!(error instanceof SetupError)) throw error;
    await apt(['update']);
    await apt(['install', '-y', '--no-install-recommends', ...packages]);
  }
}

/** Loads packages into a folder without installing them. */
export async function aptDownload(packages, folder) {
  try {
    await apt(['download', ...packages], folder);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    await apt(['update']);
    await apt(['download', ...packages], folder);
  }
}

/** Runs apt-get, and waits where another process holds its lock. */
async function apt(args, cwd) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  for (let attempt = 1; ; attempt++) {
    try {
      await run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], { env, ...(cwd && { cwd }) });
      return;
    } catch (error) {
      const locked =
        error instanceof SetupError && error.tail.some(line => /Could not get lock|is another process/.test(line));
      if (!locked || attempt === TRIES) throw error;
      await sleep(5_000);
    }
  }
}
