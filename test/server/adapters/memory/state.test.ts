import { createMemoryBindings } from '../../../../server/adapters/memory/bindings.js';
import { createMemoryJobStore, createMemoryLeases } from '../../../../server/adapters/memory/jobs.js';
import { bindingSuite, jobStoreSuite, leaseSuite } from '../../../support/stateSuite.js';

jobStoreSuite(createMemoryJobStore);
leaseSuite(createMemoryLeases);
bindingSuite(createMemoryBindings);
