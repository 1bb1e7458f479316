import { onTestFinished } from 'vitest';
import { systemClock } from '../../../../server/adapters/clock-system/index.js';
import { openState } from '../../../../server/adapters/sqlite-state/index.js';
import { bindingSuite, gateSuite, jobStoreSuite, leaseSuite } from '../../../support/stateSuite.js';

function memory(isGone?: (holder: string) => boolean) {
  const state = openState({ file: ':memory:', clock: systemClock, ...(isGone && { isGone }) });
  onTestFinished(() => state.close());
  return state;
}

jobStoreSuite(isGone => memory(isGone).jobs);
leaseSuite(isGone => memory(isGone).leases);
bindingSuite(() => memory().bindings);
gateSuite(() => memory().gate);
