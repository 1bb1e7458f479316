import { ProblemError } from '../../../contract/problem.js';
import type { Published } from '../../../contract/schedule/index.js';
import type { FailPoint, Ids, Log } from '../../ports.js';
import type { Outbox, RunEnd } from '../notify/ports.js';
import type { ScheduleFiles } from '../ports.js';
import type { Publisher } from './ports.js';

export interface PublishingOptions {
  outbox: Pick<Outbox, 'publication' | 'isOutdone'>;
  files: Pick<ScheduleFiles, 'result'>;
  publisher: Publisher;
  ids: Ids;
  log: Log;
  failPoint: FailPoint;
}

/**
 * Publishes the output of a run that went well, where its schedule says so. Never fails: what went wrong is told.
 *
 * @returns what became of it; undefined where there is nothing to publish
 * @throws the reason of the signal
 */
export type Publishing = (end: RunEnd, signal: AbortSignal) => Promise<Published | undefined>;

export function createPublishing(options: PublishingOptions): Publishing {
  const { outbox, files, publisher, ids, log, failPoint } = options;

  return async (end, signal) => {
    const { run, schedule, state, round } = end;
    const { publish, name, notebook } = schedule.spec;
    const attempt = run.attempts[round - 1];
    if (state !== 'SUCCEEDED' || publish === undefined || attempt?.output === undefined) return undefined;
    if (outbox.isOutdone(run)) return { state: 'skipped', reason: OUTDONE };
    try {
      const output = await files.result(schedule.root, attempt.output, 'output.ipynb');
      if (output === undefined) return { state: 'failed', reason: GONE };
      const opId = outbox.publication(end, ids.next());
      await failPoint('publish:named');
      const order = {
        opId,
        owner: run.owner,
        target: publish.target,
        ...(publish.hideCode && { hideCode: true as const }),
        root: schedule.root,
        notebook: notebook.path,
        output,
        run: { id: run.id, schedule: name, at: attempt.startedAt }
      };
      const published = await publisher.publish(order, signal);
      await failPoint('publish:published');
      return { state: 'done', ...published };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ProblemError) return { state: 'failed', reason: error.message };
      log.error({ err: error, run: run.id }, 'the output of a run could not be published');
      return { state: 'failed', reason: FAULT };
    }
  };
}

const OUTDONE = 'A run that was due later is on the page already, so this one was not published.';
const GONE = 'The output of the run is gone, so it could not be published.';
const FAULT = 'Its output could not be published. The log of the server says why.';
