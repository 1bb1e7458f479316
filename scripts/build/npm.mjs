import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Runs the npm beside this Node.js, else the one on the path.
 *
 * @returns what it printed
 */
export function npm(words, cwd) {
  const beside = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const [program, ...first] = existsSync(beside) ? [process.execPath, beside] : ['npm'];
  return run(program, [...first, ...words], cwd);
}

/** Runs a program to its end. @returns what it printed */
export function run(program, words, cwd = process.cwd()) {
  const done = spawnSync(program, words, { cwd, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${words.join(' ')} failed:\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** Packs the package in a folder. @returns the tarball */
export function pack(folder, into) {
  const printed = npm(['pack', '--ignore-scripts', '--json', '--pack-destination', into], folder);
  return join(into, JSON.parse(printed)[0].filename);
}
