import type * as z from 'zod';
import type { Client } from '../../contract/client.js';
import type { Job } from '../../contract/jobs.js';
import { ProblemError } from '../../contract/problem.js';
import type { FindingDecision } from '../../contract/share/findings.js';
import { publishRoutes } from '../../contract/share/publish.js';
import type { PublishRequest, ShareResult, ShareState, Source } from '../../contract/share/publish.js';
import type { ILakesideApi } from '../tokens.js';
import { JobModel } from './jobModel.js';
import type { IShareSource } from './source/types.js';

/** What a person chose. What is left out stays as it was chosen before. */
export interface IPublishChoice {
  target?: string;
  title?: string;
  tags?: string[];
  hideCode?: boolean;
  /** Where a new page goes in a wiki. */
  place?: PublishRequest['place'];
  /** The answer where somebody changed the page in a wiki, or several pages are its. */
  conflict?: PublishRequest['conflict'];
  seen?: string;
  wikiPage?: string;
  /** The answer where another notebook has the id. */
  duplicate?: 'update' | 'new';
  /** What becomes of possible secrets; what is not named is redacted in the page. */
  findings?: FindingDecision[];
  /** Changes that are not saved: save them first, or share what is in the file. */
  unsaved: 'save' | 'leave';
}

/** One share, before it is a job. */
export interface IPublishCall {
  source: IShareSource;
  known: ShareState | undefined;
  choice: IPublishChoice;
  signal: AbortSignal;
  /** Told what is being done. */
  onPhase: (phase: 'save' | 'upload' | 'start') => void;
}

/** What publishing needs. */
export interface IPublisherOptions {
  api: ILakesideApi;
  now: () => number;
  newId: () => string;
  /** Told the id of each job before the server is asked for it, so that a reload finds it; gives a way to forget it. */
  onStart: (id: string, source: IShareSource) => () => void;
  /** Told about each job, so that it is found again wherever people look. */
  onJob: (job: JobModel, source: IShareSource) => void;
  wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** A server that is being replaced is asked again after so many milliseconds; the `opId` makes that safe. */
const RETRY_MS = [300, 1000, 3000];

/** Brings notebooks to the server and starts shares. Holds nothing but what it needs. */
export class Publisher {
  constructor(options: IPublisherOptions) {
    this._options = options;
  }

  /**
   * Writes the id into the notebook where it is not there yet, saves it when asked to, brings its bytes where the
   * server cannot read them, and starts the share.
   *
   * @throws ProblemError of the save, the upload or the start
   */
  async start(call: IPublishCall): Promise<JobModel> {
    const { source, known, choice, signal, onPhase } = call;
    const { api, now, newId, onStart, onJob } = this._options;
    const startedAt = now();
    const facts = source.facts();
    if (choice.unsaved === 'save' || !source.dirty) await this._save(source, known, onPhase);
    signal.throwIfAborted();

    const client = await api.client();
    let where: Source = { kind: 'file' };
    if (source.remote) {
      onPhase('upload');
      where = { kind: 'upload', uploadId: await this.upload(client, source, signal) };
    }
    onPhase('start');
    const { unsaved: _, ...chosen } = choice;
    const request = { ...chosen, opId: newId(), path: source.path, source: where, provenance: await facts };
    const forget = onStart(request.opId, source);
    const job = await this._post(client, request, signal).catch((error: unknown) => {
      forget();
      throw error;
    });
    const model = new JobModel({ client, job, now, startedAt });
    onJob(model, source);
    return model;
  }

  /**
   * Brings the notebook as it stands on the screen.
   *
   * @returns the id to name the upload by, for an hour
   */
  async upload(client: Client, source: IShareSource, signal: AbortSignal): Promise<string> {
    const uploadId = this._options.newId();
    const body = await source.content();
    await client.call(publishRoutes.upload, { params: { uploadId }, body }, { signal });
    return uploadId;
  }

  /** After a share: a notebook that became one of its own gets the id it was given. */
  async settle(source: IShareSource, result: ShareResult): Promise<void> {
    if (source.isDisposed || !source.writable || source.metadataId === undefined) return;
    const clean = !source.dirty;
    // Changes made meanwhile are the person's to save.
    if (source.adopt(result.notebookId) && clean) await source.save();
  }

  private async _save(
    source: IShareSource,
    known: ShareState | undefined,
    onPhase: IPublishCall['onPhase']
  ): Promise<void> {
    if (!source.writable) return;
    // A duplicate keeps the id it has until the answer is carried out.
    const adopted = known !== undefined && known.standing !== 'duplicate' && source.adopt(known.notebookId);
    if (!adopted && !source.dirty) return;
    onPhase('save');
    await source.save();
  }

  private async _post(client: Client, body: z.input<typeof PublishRequest>, signal: AbortSignal): Promise<Job> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await client.call(publishRoutes.publish, { body }, { signal });
      } catch (error) {
        const delay = RETRY_MS[attempt];
        const passing = error instanceof ProblemError && ['starting', 'stopping', 'unavailable'].includes(error.code);
        if (!passing || delay === undefined) throw error;
        await this._options.wait(Math.max(delay, (error.retryAfter ?? 0) * 1000), signal);
      }
    }
  }

  private readonly _options: IPublisherOptions;
}
