import { execFileSync } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';

/** Full doses with `TEST_DOSE=full` (npm run test:full), the smaller ones of CI otherwise. */
export const fullDose = process.env['TEST_DOSE'] === 'full';

/**
 * How often a fault or fuzz test repeats.
 *
 * @returns the dose and the start value of its random numbers, printed so that a failure can be replayed with TEST_SEED
 */
export function dose(name: string, doses: { ci: number; full: number }): { runs: number; seed: number } {
  const runs = fullDose ? doses.full : doses.ci;
  const seed = startValue(name);
  console.log(`${name}: ${runs} runs, start value ${seed}`);
  return { runs, seed };
}

/**
 * Where the random numbers of a test begin: another value for each state of the sources, so that new ground is tried
 * all the time, and the same one wherever that state is tested, so that what is good here is good elsewhere. Full doses
 * try new ground each time.
 */
export function startValue(name: string): number {
  const given = process.env['TEST_SEED'];
  if (given !== undefined) return Number(given);
  const tree = fullDose ? undefined : treeOfSources();
  if (tree === undefined) return randomInt(2 ** 31);
  return createHash('sha256').update(`${tree} ${name}`).digest().readUInt32BE() >>> 1;
}

let known: { tree: string | undefined } | undefined;

/** Git's name of what was last committed; undefined where the sources are no clone. */
function treeOfSources(): string | undefined {
  try {
    known ??= {
      tree: execFileSync('git', ['rev-parse', 'HEAD^{tree}'], {
        cwd: import.meta.dirname,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore']
      })
    };
  } catch {
    known = { tree: undefined };
  }
  return known.tree;
}
