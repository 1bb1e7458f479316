// Runs suites side by side, each to its end; what they print stays readable.
import { availableParallelism } from 'node:os';
import { closingLine } from './counts.mjs';
import { runOne } from './runners.mjs';
import { seconds } from '../setup/steps.mjs';

/** `npm test` keeps two cores busy with two runners. */
const fewSlots = Math.min(2, availableParallelism());

/** The heavier suites wait for servers, browsers and disks four tenths of their time: one more than there are cores. */
export const manySlots = Math.min(3, availableParallelism() + 1);

const ends = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs all, the first ones first. After Ctrl-C nothing more is begun, and what was not run counts as failed.
 *
 * @param slots - how many run at a time
 * @returns their counts, in the order given, as `{ title, counts, line }`
 */
export async function runAll(runs, env, slots = fewSlots) {
  const printer = createPrinter();
  const results = new Array(runs.length);
  let next = 0;
  let isStopped = false;
  const stop = () => (isStopped = true);
  for (const signal of ends) process.once(signal, stop);
  async function work() {
    while (next < runs.length && !isStopped) {
      const at = next++;
      const { title } = runs[at];
      const started = Date.now();
      const output = printer.open(`\n── ${title}\n`);
      const counts = await runOne(runs[at], env, output.write);
      const line = `${title}: ${closingLine(counts)}, ${seconds(started)}`;
      output.write(`── ${line}\n`);
      output.end();
      results[at] = { title, counts, line };
    }
  }
  await Promise.all(Array.from({ length: slots }, work));
  for (const signal of ends) process.removeListener(signal, stop);
  return runs.map(({ title }, at) => results[at] ?? { title, counts: notRun, line: `${title}: not run` });
}

const notRun = { passed: 0, failed: 1, skipped: 0 };

/** What is said of each suite at the end: its counts, and the names of what failed, which are far up by then. */
export function summaryOf(results) {
  return results.flatMap(({ line, counts }) => [
    line,
    ...(counts.names ?? []).map(name => `    ${name.replaceAll('\n', '\n    ')}`)
  ]);
}

/** The sum of some counts. */
export function sumOf(all) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) for (const key of Object.keys(total)) total[key] += counts[key];
  return total;
}

/** Of all that is open the oldest prints as it goes; the others wait with what they have to say. */
function createPrinter() {
  const open = [];
  const advance = () => {
    while (open.length > 0) {
      const [front] = open;
      process.stdout.write(front.waiting);
      front.waiting = '';
      if (!front.ended) return;
      open.shift();
    }
  };
  return {
    open(heading) {
      const page = { waiting: heading, ended: false };
      open.push(page);
      advance();
      return {
        write(text) {
          page.waiting += text;
          advance();
        },
        end() {
          page.ended = true;
          advance();
        }
      };
    }
  };
}
