import { createReadStream } from 'node:fs';
import type { Job } from '../contract/jobs.js';
import { ProblemError } from '../contract/problem.js';
import { PublishRequest, ShareResult } from '../contract/share/index.js';
import type { JobService } from './jobs/service.js';
import { createNotebookFiles } from './adapters/notebookfiles-fs/index.js';
import type { Caller, Clock } from './ports.js';
import type { Publisher } from './schedule/publish/ports.js';
import type { PublishService } from './share/publish/service.js';

/** How often the end of a job is asked for. Milliseconds. */
const ASK = 500;

/**
 * Publishes outputs of runs with the service that people share with: the page is that of the notebook that ran, the
 * content is the output, brought as an upload.
 */
export function composePublisher(options: {
  publish: Pick<PublishService, 'publish' | 'upload'>;
  jobs: JobService;
  clock: Clock;
}): Publisher {
  const { publish, jobs, clock } = options;
  return {
    async publish({ opId, owner, target, hideCode, root, notebook, output, run }, signal) {
      const caller: Caller = { name: owner, groups: [], via: 'system' };
      if (!isStarted(jobs, caller, opId)) {
        await publish.upload(caller, opId, reading(output));
        const request = PublishRequest.parse({
          opId,
          path: notebook,
          source: { kind: 'upload', uploadId: opId },
          target,
          ...(hideCode && { hideCode }),
          provenance: { run }
        });
        // Schedules of another server of the same person lie below another root.
        const files = createNotebookFiles({
          root: { kind: 'folder', path: root, allowHidden: true },
          maxBytes: 0,
          clock
        });
        await publish.publish(caller, request, await files.locate(notebook));
      }
      const job = await ended(options, caller, opId, signal);
      if (job.problem) throw ProblemError.from(job.problem);
      if (job.state !== 'succeeded') {
        throw new ProblemError('cancelled', 'Publishing its output was cancelled. Share the notebook by hand.');
      }
      const { title, page, versionNumber, wiki } = ShareResult.parse(job.result);
      return wiki ? { title: wiki.title, page: wiki.url } : { title, page, versionNumber };
    }
  };
}

function isStarted(jobs: JobService, caller: Caller, opId: string): boolean {
  try {
    jobs.get(caller, opId);
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'not-found') return false;
    throw error;
  }
}

async function* reading(file: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(file) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ProblemError('file-not-found', 'The output of the run is gone, so it could not be published.', {
      cause: error
    });
  }
}

/** Waits until a job ended, whichever process works on it. One that lost it to another may learn of the end later. */
async function ended(
  { jobs, clock }: { jobs: JobService; clock: Clock },
  caller: Caller,
  id: string,
  signal: AbortSignal
): Promise<Job> {
  for (;;) {
    const news = jobs.events(caller, id, 0, signal)[Symbol.asyncIterator]();
    while ((await news.next()).done !== true);
    signal.throwIfAborted();
    const job = jobs.get(caller, id);
    if (job.state !== 'queued' && job.state !== 'running') return job;
    await clock.sleep(ASK, signal);
  }
}
