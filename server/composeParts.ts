/** Everything the services are made of, in one place that is loaded when the first of them is needed. */
export { createLiveSecrets } from './adapters/livesecrets-files/index.js';
export { createNotebookFiles } from './adapters/notebookfiles-fs/index.js';
export { createProcessTable } from './adapters/process-table/index.js';
export { createContentsSpool } from './adapters/spool-fs/index.js';
export { createSqliteIndex } from './adapters/sqlite-index/index.js';
export { openState } from './adapters/sqlite-state/index.js';
export { createFailPoint } from './failpoint.js';
export { createHousekeeping } from './housekeeping.js';
export { createHolder } from './jobs/hold.js';
export { jobHandlers } from './jobs/routes.js';
export { createJobService } from './jobs/service.js';
export { libraryHandlers } from './share/library/routes.js';
export { createLibrary } from './share/library/library.js';
export { publishHandlers } from './share/publish/routes.js';
export { createPublishService } from './share/publish/service.js';
export { createWikiRecords } from './share/wiki/records.js';
