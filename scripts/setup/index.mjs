// Brings everything that the two commands need. Nothing but Node.js 18 and its own modules is there at first.
import { chromiumStep } from './chromium.mjs';
import { buildStep, npmStep } from './javascript.mjs';
import { withLock } from './lock.mjs';
import { environmentStep, lakesideStep, packagesStep } from './python.mjs';
import { SetupError, endRunning } from './run.mjs';
import { Progress, printFailure } from './steps.mjs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Sets the checkout up: does what is missing, in seconds where nothing is.
 * Ends the process with code 1, after a sentence with the cure, where that is impossible.
 *
 * @param wanted - `chromium`: whether the browser of the tests is needed too
 */
export async function setUp({ chromium = false } = {}) {
  let isInterrupted = false;
  const interrupted = () => {
    isInterrupted = true;
    for (const signal of signals) process.removeListener(signal, interrupted);
    void endRunning().then(() => process.exit(130));
  };
  for (const signal of signals) process.once(signal, interrupted);
  try {
    if (process.platform === 'win32') throw new SetupError('Lakeside runs on Linux and macOS.');
    await withLock('setup', () => doSteps(chromium));
  } catch (error) {
    if (isInterrupted) return new Promise(() => undefined);
    await endRunning();
    printFailure(error);
    process.exit(1);
  }
  for (const signal of signals) process.removeListener(signal, interrupted);
}

async function doSteps(chromium) {
  const all = [environmentStep, packagesStep, lakesideStep, npmStep, buildStep, ...(chromium ? [chromiumStep] : [])];
  const progress = new Progress(all);
  const inOrder = async (...steps) => {
    for (const step of steps) await progress.do(step);
  };
  const rest = inOrder(environmentStep).then(() =>
    Promise.all([inOrder(packagesStep, lakesideStep), inOrder(npmStep, buildStep)])
  );
  await Promise.all([rest, inOrder(chromiumStep)]);
  progress.end();
}
