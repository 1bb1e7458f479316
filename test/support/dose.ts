import { randomInt } from 'node:crypto';

/** Full doses with `TEST_DOSE=full` (npm run test:full), the smaller ones of CI otherwise. */
export const fullDose = process.env['TEST_DOSE'] === 'full';

/**
 * How often a fault or fuzz test repeats.
 *
 * @returns the dose and the start value of its random numbers, printed so that a failure can be replayed with TEST_SEED
 */
export function dose(name: string, doses: { ci: number; full: number }): { runs: number; seed: number } {
  const runs = fullDose ? doses.full : doses.ci;
  const given = process.env['TEST_SEED'];
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  console.log(`${name}: ${runs} runs, start value ${seed}`);
  return { runs, seed };
}
