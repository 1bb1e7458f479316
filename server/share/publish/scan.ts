import { join } from 'node:path';
import type { ScanReport, Source } from '../../../contract/share/index.js';
import type { Caller } from '../../ports.js';
import { onStorage } from '../../storage.js';
import type { NotebookFiles } from '../ports.js';
import type { Gate, NotebookIdentity } from './gate.js';
import type { Identities } from './identity.js';
import type { Uploads } from './uploads.js';
import type { Work } from './work.js';

export interface ScanRequest {
  path: string;
  source: Source;
}

/** Tells what the secret gate finds in a notebook, before it is shared. Stores nothing. */
export function createScans(options: {
  files: NotebookFiles;
  uploads: Uploads;
  work: Work;
  identities: Identities;
  gate: Gate;
  followFiles: () => Promise<void>;
}): (caller: Caller, request: ScanRequest, signal: AbortSignal) => Promise<ScanReport> {
  const { files, uploads, work, identities, gate } = options;

  return async (caller, { path, source }, signal) => {
    await options.followFiles();
    const location = await files.locate(path);
    return work.within(folder =>
      onStorage(folder, async () => {
        const file = join(folder, 'source.ipynb');
        if (source.kind === 'upload') await uploads.keep(caller, source.uploadId, file);
        else await files.copy(location, file, { durable: false });
        // What was said of a notebook counts for itself, not for a copy of it that is published as new.
        const notebookOf = async ({
          notebookId: metadataId,
          contentHash
        }: NotebookIdentity): Promise<string | undefined> => {
          const found = await identities.identify(caller, { place: location.place, metadataId, contentHash });
          return found.standing === 'known' || found.standing === 'moved' ? found.notebookId : undefined;
        };
        return work.within(workDirectory => gate.report(file, workDirectory, notebookOf, signal));
      })
    );
  };
}
