import { join } from 'node:path';
import type { Job } from '../../../contract/jobs.js';
import { ProblemError } from '../../../contract/problem.js';
import type { Bytes } from '../../../contract/route.js';
import type { PublishRequest, ScanReport, ShareState, Target, Upload } from '../../../contract/share/index.js';
import type { Holder } from '../../jobs/hold.js';
import type { JobService } from '../../jobs/service.js';
import type { Caller, Clock, FailPoint, Ids, Log } from '../../ports.js';
import type { Archive, Catalogue } from '../archive/types.js';
import type {
  Bindings,
  ContentsSpool,
  FileLocation,
  GateMemory,
  LiveSecrets,
  MadePage,
  NotebookFiles,
  Renderer,
  WikiEntry,
  Wikis
} from '../ports.js';
import type { WikiNote, WikiRecords } from '../wiki/records.js';
import type { ShareInput } from './checkpoint.js';
import { applyContentsEvent } from './contentsEvents.js';
import { createGate } from './gate.js';
import { createIdentities } from './identity.js';
import { createPlaces } from './places.js';
import type { Places } from './places.js';
import { createPreviews } from './preview.js';
import type { PreviewRequest } from './preview.js';
import { createScans } from './scan.js';
import type { ScanRequest } from './scan.js';
import { createShareJob, SHARE } from './shareJob.js';
import { createStates } from './state.js';
import { createTake, SOURCE } from './take.js';
import { LIBRARY, mustBeTarget, noWikis, targetsOf } from './targets.js';
import { createUploads } from './uploads.js';
import { createWikiShareJob, WIKI_SHARE } from './wikiShare.js';
import { createWork } from './work.js';

/** Publishes notebooks: state, preview, share. */
export interface PublishService {
  /** The places a notebook can be shared to. */
  targets(caller: Caller): Target[];
  /** Looks around in them. */
  places: Places;
  /**
   * How a notebook stands to its page.
   *
   * @throws ProblemError of the file and of reading it
   */
  state(caller: Caller, query: { path: string; metadataId?: string | undefined }): Promise<ShareState>;
  /** The contents paths of a notebook's files that are the caller's; none where it has no file here. */
  filesOf(caller: Caller, notebookId: string): Promise<string[]>;
  /**
   * Starts a share. The job is stored when this returns; the same `opId` gives the same job.
   *
   * @param found - where the notebook is, for one that is not below the root of this process
   * @throws ProblemError of the file; `not-found` for an upload or a target that is not there; `conflict`; `invalid`
   *   for a title, tag, group or reason that holds a secret; `forbidden` to publish one where that is not allowed
   */
  publish(caller: Caller, request: PublishRequest, found?: FileLocation): Promise<Job>;
  /** The beginning of the page as it would be. @throws ProblemError of the file and of rendering it */
  preview(caller: Caller, request: PreviewRequest, signal: AbortSignal): Promise<Bytes>;
  /** What looks like a secret in a notebook. @throws ProblemError of the file and of reading it */
  scan(caller: Caller, request: ScanRequest, signal: AbortSignal): Promise<ScanReport>;
  /** Takes the bytes of a notebook, for an hour. @throws ProblemError `too-large`, `storage-full`, `storage-read-only` */
  upload(caller: Caller, uploadId: string, chunks: AsyncIterable<Uint8Array>): Promise<Upload>;
  /** Follows what happened to the files, and removes what crashes and old uploads left. */
  tidy(caller: Caller): Promise<void>;
}

export interface PublishServiceOptions {
  files: NotebookFiles;
  bindings: Bindings;
  memory: GateMemory;
  liveSecrets: LiveSecrets;
  /** Whether a person may publish what looks like a secret, with a reason. */
  mayPublishSecrets: boolean;
  spool: ContentsSpool;
  archive: Archive;
  catalogue: Catalogue;
  renderer: Renderer;
  jobs: JobService;
  holder: Holder;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** `<home>/work` */
  workDirectory: string;
  /** Largest notebook that is taken, in bytes. */
  maxBytes: number;
  failPoint?: FailPoint;
  /** The wikis of the configuration, and what Lakeside knows of its pages there. */
  wiki?: { wikis: Wikis; records: WikiRecords; publicUrl: string | undefined };
  /** Is handed each page that a share made, so that its first reader need not wait for it. */
  keepPage?: (page: MadePage) => Promise<void>;
}

/** The publish service. Registers the share job, so that it is resumed. */
export function createPublishService(options: PublishServiceOptions): PublishService {
  const { files, jobs, bindings, spool, log, maxBytes, failPoint = () => undefined } = options;
  const { keepPage = () => Promise.resolve() } = options;
  const work = createWork({ ...options, directory: options.workDirectory });
  const uploads = createUploads({ work, maxBytes });
  const identities = createIdentities(options);
  const wikis = options.wiki?.wikis ?? noWikis;
  const blocking = (target: string): WikiEntry | undefined =>
    wikis.list().find(({ id, policy }) => id === target && policy?.secrets === 'block');
  const gate = createGate({ ...options, blocking, failPoint });
  const parts = { ...options, work, uploads, identities, gate, failPoint, keepPage, followFiles };
  const wikiPages = async (notebookId: string): Promise<WikiNote[]> =>
    (await options.wiki?.records.pages(
      notebookId,
      wikis.list().map(({ id }) => id)
    )) ?? [];
  const state = createStates({ ...parts, wikiPages });
  const preview = createPreviews(parts);
  const scan = createScans(parts);
  const share = createShareJob({ ...parts, take: createTake(parts) });
  jobs.register(share);
  if (options.wiki) jobs.register(createWikiShareJob({ ...parts, ...options.wiki, share }));

  /** What cannot be followed now is followed later; looking and sharing go on. */
  async function followFiles(): Promise<void> {
    try {
      await spool.drain(event => applyContentsEvent(bindings, event));
    } catch (error) {
      log.warn({ err: error }, 'what happened to the files could not be followed');
    }
  }

  function find(caller: Caller, opId: string): Job | undefined {
    try {
      return jobs.get(caller, opId);
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  async function filesOf(caller: Caller, notebookId: string): Promise<string[]> {
    await followFiles();
    const paths: string[] = [];
    for (const { place, owner, gone } of bindings.of(notebookId)) {
      if (owner !== caller.name || gone || !(await files.exists(place))) continue;
      const path = await files.pathOf(place);
      if (path !== undefined) paths.push(path);
    }
    if (paths.length === 0 && (await options.archive.head(notebookId)) === undefined) {
      throw new ProblemError('not-found', 'There is no such notebook in the Library. Reload the list.');
    }
    return paths;
  }

  return {
    filesOf,
    targets: () => targetsOf(wikis),
    places: createPlaces({ wikis }),
    state,
    preview,
    scan,
    upload: (caller, uploadId, chunks) => uploads.store(caller, uploadId, chunks),
    async publish(caller, request, found) {
      const existing = find(caller, request.opId);
      const kind = request.target === LIBRARY ? SHARE : WIKI_SHARE;
      if (existing) return jobs.start(caller, existing.kind, request.opId, undefined);
      mustBeTarget(wikis, request.target);
      await gate.check(caller, request);
      const location = found ?? (await files.locate(request.path));
      if (request.source.kind === 'upload') {
        const folder = await work.share(caller.name, request.opId);
        await uploads.keep(caller, request.source.uploadId, join(folder, SOURCE));
      }
      await failPoint('share:accepting');
      const job = jobs.start(caller, kind, request.opId, { request, location } satisfies ShareInput);
      await failPoint('share:accepted');
      return job;
    },
    async tidy() {
      await followFiles();
      await work.tidy(opId => jobs.isUnderWay(opId));
    }
  };
}
