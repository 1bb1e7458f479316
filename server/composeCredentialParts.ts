/** Everything that credentials are made of, in one place that is loaded when somebody asks for them. */
export { createKeyring } from './adapters/keyring-program/index.js';
export { createSqliteLocks } from './adapters/sqlite-lock/index.js';
export { createAuditLog } from './credentials/audit/log.js';
export { createCredentialDoctor } from './credentials/doctor/doctor.js';
export { kernelView } from './credentials/doctor/kernel.js';
export { createRecorder } from './credentials/endpoint/recorder.js';
export { createHandOuts } from './credentials/handOut.js';
export { createRenewal } from './credentials/renewal.js';
export { createCredentialService } from './credentials/service.js';
export { createSessions } from './credentials/sessions.js';
export { createSignIns } from './credentials/signIns.js';
export { createChoices } from './credentials/store/choices.js';
export { findKey } from './credentials/store/key.js';
export { createSessionStore } from './credentials/store/store.js';
export { createGrants } from './credentials/grants/grants.js';
export { createGrantKeys } from './credentials/grants/keys.js';
export { createGrantStore } from './credentials/grants/store.js';
