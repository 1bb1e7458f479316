// Says what is being done and how far it is.
import { clearInterval, setInterval } from 'node:timers';
import { SetupError } from './run.mjs';

const HEARTBEAT = 10_000;

/** Seconds since a moment, as people read them. */
export function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

/**
 * Follows the steps of a set-up, which may run side by side.
 * A step has a `name`, `isDone()` that tells whether there is nothing to do, `make()` that does it,
 * and `details` where it takes long.
 */
export class Progress {
  #began = Date.now();
  #needed;
  #done = 0;
  #active = new Map();

  constructor(steps) {
    this.#needed = steps.filter(step => !step.isDone());
    if (this.#needed.length > 0) console.log(`Setting up: ${this.#needed.map(step => step.name).join(', ')}`);
  }

  /** Does a step where it is needed. */
  async do(step) {
    if (!this.#needed.includes(step)) return;
    const began = Date.now();
    console.log(`  …  ${step.name}${step.details ? ` (${step.details})` : ''}`);
    this.#active.set(step.name, began);
    const beat = setInterval(() => this.#beat(step.name), HEARTBEAT);
    try {
      await step.make();
      this.#done++;
      console.log(`  ✓  ${step.name}, ${seconds(began)} (${this.#done} of ${this.#needed.length})`);
    } catch (error) {
      if (error instanceof SetupError) error.step = `${step.name}, after ${seconds(began)}`;
      throw error;
    } finally {
      clearInterval(beat);
      this.#active.delete(step.name);
    }
  }

  /** Closes the report. */
  end() {
    console.log(`${this.#needed.length === 0 ? 'Everything is in place' : 'Set up'}, ${seconds(this.#began)}`);
  }

  /** One line for all steps at work, from the one that began first. */
  #beat(name) {
    if ([...this.#active.keys()][0] !== name) return;
    const steps = [...this.#active].map(([active, began]) => `${active}, ${seconds(began)}`);
    console.log(`  …  ${seconds(this.#began)}: ${steps.join(' · ')}`);
  }
}

/** Prints a failure: the step, the last lines, the cure. */
export function printFailure(error) {
  if (!(error instanceof SetupError)) {
    console.error(error);
    return;
  }
  console.error(`\n  ✗  ${error.step ?? 'The set-up'}: ${error.message}`);
  for (const line of error.tail) console.error(`     │ ${line}`);
  if (error.cure) console.error(`     ${error.cure}`);
}
