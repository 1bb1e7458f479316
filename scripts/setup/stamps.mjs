// Remembers what was done, beside what it made: who deletes that, deletes the memory too.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, venv } from './places.mjs';

const places = {
  packages: join(venv, 'lakeside-packages.stamp'),
  installed: join(venv, 'lakeside-installed.stamp'),
  built: join(root, 'node_modules', '.cache', 'lakeside-built.stamp')
};

/** Whether a thing was made with this key. */
export function isStamped(thing, key) {
  try {
    return readFileSync(places[thing], 'utf8') === key;
  } catch {
    return false;
  }
}

/** Notes that a thing was made with this key. */
export function stamp(thing, key) {
  mkdirSync(dirname(places[thing]), { recursive: true });
  writeFileSync(places[thing], key);
}
