import { createMemoryBindings } from '../../../../server/adapters/memory/bindings.js';
import { createMemoryGate } from '../../../../server/adapters/memory/gate.js';
import { createMemoryJobStore, createMemoryLeases } from '../../../../server/adapters/memory/jobs.js';
import { bindingSuite, gateSuite, jobStoreSuite, leaseSuite } from '../../../support/stateSuite.js';

jobStoreSuite(createMemoryJobStore);
leaseSuite(createMemoryLeases);
bindingSuite(createMemoryBindings);
gateSuite(createMemoryGate);
