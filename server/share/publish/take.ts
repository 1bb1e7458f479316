import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JobContext, Report } from '../../jobs/kinds.js';
import type { Holder } from '../../jobs/hold.js';
import type { FailPoint } from '../../ports.js';
import type { NotebookFacts, NotebookFiles, Renderer } from '../ports.js';
import type { Checkpoint, ShareInput, Taken } from './checkpoint.js';
import type { Identities } from './identity.js';
import { inWords } from '../sizes.js';
import { syncFolder } from './work.js';

/** Name of the shared bytes in the folder of a share. An upload is laid there before the job starts. */
export const SOURCE = 'source.ipynb';

/** All shares of a home tell one by one which notebook they are about. */
const IDENTITY_LEASE = 'share:identity';

export interface TakeOptions {
  files: NotebookFiles;
  renderer: Renderer;
  identities: Identities;
  holder: Holder;
  failPoint: FailPoint;
  /** Lets the bindings follow what happened to the files. */
  followFiles: () => Promise<void>;
}

/** What a share knows once it has read the notebook. The facts are of the person's file: they are not stored. */
export type Taking = Required<Pick<Checkpoint, 'taken' | 'notebookId'>> & { facts?: NotebookFacts };

/** What a share knows once the notebook has passed the gate. */
export type Read = Required<Omit<Checkpoint, 'commit'>>;

/** The first step of a share: copies the bytes, reads them, and tells which notebook they are. */
export function createTake(
  options: TakeOptions
): (context: JobContext, folder: string, input: ShareInput, report: Report) => Promise<Taking> {
  const { files, renderer, identities, holder, failPoint } = options;

  async function take(folder: string, { request, location }: ShareInput, report: Report): Promise<Taken> {
    const { place } = location;
    if (request.source.kind === 'upload') return { place, file: undefined };
    const target = join(folder, SOURCE);
    // What a killed copy left.
    await rm(target, { force: true });
    report(0, 0, inWords(location.size));
    const { size, modified } = await files.copy(location, target);
    await syncFolder(folder);
    await syncFolder(dirname(folder));
    return { place, file: { size, modified } };
  }

  async function inspect(context: JobContext, folder: string, report: Report): Promise<NotebookFacts> {
    const workDirectory = await emptyFolder(join(folder, 'inspect'));
    const facts = await renderer.inspect(
      { kind: 'ipynb', file: join(folder, SOURCE) },
      { workDirectory, signal: context.signal, onProgress: (done, total) => report(done, total) }
    );
    await rm(workDirectory, { recursive: true, force: true });
    return facts;
  }

  return async (context, folder, input, report) => {
    const before = (context.checkpoint ?? {}) as Checkpoint;
    await options.followFiles();
    let { taken } = before;
    if (taken === undefined) {
      taken = await take(folder, input, report);
      await failPoint('share:source-copied');
      context.save({ taken } satisfies Checkpoint);
    }
    await failPoint('share:source-noted');
    if (before.notebookId !== undefined) return { taken, notebookId: before.notebookId };
    const facts = await inspect(context, folder, report);
    await failPoint('share:inspected');
    const file = { place: taken.place, metadataId: facts.notebookId, contentHash: facts.contentHash };
    const notebookId = await holder.hold(IDENTITY_LEASE, context.signal, () =>
      identities.settle(context.caller, file, input.request.duplicate)
    );
    await failPoint('share:bound');
    context.save({ taken, notebookId } satisfies Checkpoint);
    await failPoint('share:identified');
    return { taken, facts, notebookId };
  };
}

/** A folder of this name with nothing in it. */
export async function emptyFolder(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}
