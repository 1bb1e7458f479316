// What is brought once for all checkouts of a person: code of servers that tests start.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder of the person's cache, filled where it is not there yet. It is there whole or not at all, whoever else
 * fills it at the same time.
 *
 * @param name - of the folder; holds the version of what is in it
 * @param fill - puts everything into the folder it is given
 * @returns its path
 */
export async function cached(name, fill) {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lakeside');
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(`${folder}.new-`);
  try {
    await fill(work);
    renameSync(work, folder);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}
