// Notices that npm is gone, which may be killed without a word to its children.
import { readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';

const INTERVAL = 500;

/** Calls back once npm, where this process was started by it, has ended. */
export function whenNpmEnds(callback) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const before = ancestry();
  const timer = setInterval(() => {
    if (ancestry() === before) return;
    clearInterval(timer);
    callback();
  }, INTERVAL);
  timer.unref();
}

/** The parent, and its parent where the first is the shell that npm puts in between. */
function ancestry() {
  const parent = process.ppid;
  try {
    const [, name, , grandparent] = /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${parent}/stat`, 'utf8'));
    return /^(ba|da|z|k)?sh$/.test(name) ? `${parent} ${grandparent}` : `${parent}`;
  } catch {
    return `${parent}`;
  }
}
