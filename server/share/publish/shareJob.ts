import { ProblemError } from '../../../contract/problem.js';
import type { PublishRequest, ShareResult } from '../../../contract/share/index.js';
import { LeaseLost } from '../../jobs/hold.js';
import type { Holder } from '../../jobs/hold.js';
import type { JobContext, JobKind, Report } from '../../jobs/kinds.js';
import type { Caller, Clock, FailPoint, Ids, Log } from '../../ports.js';
import { onStorage } from '../../storage.js';
import type { Archive, Catalogue, CatalogueEntry, GateVerdict } from '../archive/types.js';
import type { Bindings, MadePage, Prepared, Renderer } from '../ports.js';
import type { Checkpoint, Commit, ShareInput } from './checkpoint.js';
import { createCommits } from './commit.js';
import type { Gate } from './gate.js';
import { planShare } from './plan.js';
import type { Plan } from './plan.js';
import { isReliable } from './seen.js';
import { renderShare, storeBlobs } from './store.js';
import type { Read, Taking } from './take.js';
import type { Work } from './work.js';

/** The kind of jobs that shares are. */
export const SHARE = 'share';

export interface ShareJobOptions {
  take: (context: JobContext, folder: string, input: ShareInput, report: Report) => Promise<Taking>;
  gate: Gate;
  bindings: Bindings;
  archive: Archive;
  catalogue: Catalogue;
  renderer: Renderer;
  holder: Holder;
  work: Work;
  clock: Clock;
  ids: Ids;
  log: Log;
  failPoint: FailPoint;
  keepPage: (page: MadePage) => Promise<void>;
}

/** One share under way. */
interface Share {
  context: JobContext;
  request: PublishRequest;
  folder: string;
  read: Read;
  /** Throws where another process has the notebook by now. */
  still: () => void;
}

/**
 * The share job: read → scan → render → upload → page → verify. Killed anywhere it is run again and goes on from what it
 * stored; everything before the commit is invisible, everything after it is repeated without effect.
 */
export function createShareJob(options: ShareJobOptions): JobKind {
  const { archive, catalogue, bindings, renderer, holder, work, log, failPoint } = options;
  const commits = createCommits(options);

  async function run(context: JobContext): Promise<ShareResult> {
    const folder = await work.share(context.caller.name, context.id);
    return onStorage(folder, () => share(context, folder));
  }

  async function share(context: JobContext, folder: string): Promise<ShareResult> {
    const input = context.input as ShareInput;
    const { request } = input;
    const before = (context.checkpoint ?? {}) as Checkpoint;
    const taking = await context.step('read', async report =>
      isRead(before) ? before : options.take(context, folder, input, report)
    );
    const read = await context.step('scan', async report =>
      isRead(before) ? before : gated(context, folder, request, taking, report)
    );
    let commit = before.commit;
    for (;;) {
      try {
        const use = (still: () => void): Promise<ShareResult> =>
          publish({ context, request, folder, read, still }, commit);
        // What is committed must be finished, so only the end of this process stops the wait.
        const signal = commit ? context.stopping : context.signal;
        return await holder.hold(`share:${read.notebookId}`, signal, use);
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error;
        log.warn({ job: context.id }, 'the lease of a notebook was lost; deciding anew');
        commit = undefined;
      }
    }
  }

  async function gated(
    context: JobContext,
    folder: string,
    request: PublishRequest,
    { taken, notebookId, facts }: Taking,
    report: Report
  ): Promise<Read> {
    const passed = await options.gate.pass({ context, folder, notebookId, request, facts }, report);
    const read = { taken, notebookId, ...passed };
    context.save(read satisfies Checkpoint);
    await failPoint('share:passed');
    return read;
  }

  /** With the lease of the notebook. */
  async function publish(share: Share, begun: Commit | undefined): Promise<ShareResult> {
    const { context, read, request } = share;
    const entry = await pageOf(context.caller, read.notebookId);
    await failPoint('share:head-read');
    // Its last event may be there already. Events of details count by their ids, so writing them again is right
    // whatever came after; a version that others overtook is made anew.
    const isVisible = begun !== undefined && (begun.manifest === undefined || isCommitted(begun, entry));
    if (begun && isVisible) return write(share, begun, context.stopping);
    if (begun && begun.basis === entry?.lastEvent) return write(share, begun, context.signal);

    const plan = planShare(entry, request, {
      contentHash: read.facts.contentHash,
      heading: read.facts.title,
      name: read.taken.place.path
    });
    if (plan.kind === 'unchanged' && entry) return unchanged(share, entry);
    const commit = plan.kind === 'version' ? await prepare(share, plan, entry) : describe(share, plan, entry);
    return write(share, commit, context.signal);
  }

  /** The page of a notebook, which must be the caller's; undefined where there is none. */
  async function pageOf(caller: Caller, notebookId: string): Promise<CatalogueEntry | undefined> {
    const entry = await catalogue.get(caller, notebookId);
    const owner = entry?.item.owner ?? (await archive.head(notebookId))?.owner ?? caller.name;
    if (owner === caller.name) return entry;
    throw new ProblemError(
      'forbidden',
      `The page of this notebook belongs to ${owner}, and only its owner may update it. Publish as a notebook of its own.`
    );
  }

  function unchanged(share: Share, entry: CatalogueEntry): ShareResult {
    share.context.skip('render', 'upload', 'page', 'verify');
    noteSeen(share);
    return toResult(share, entry, { outcome: 'unchanged', count: { objects: 0, bytes: 0 }, notes: [] });
  }

  function describe({ context, request, read }: Share, plan: Plan, entry: CatalogueEntry | undefined): Commit {
    context.skip('render', 'upload');
    const count = { objects: 0, bytes: 0 };
    return commits.details({ caller: context.caller, notebookId: read.notebookId, request, plan, entry, count });
  }

  /** Renders and stores all that a version needs; nothing of it is visible yet. */
  async function prepare(share: Share, plan: Plan, entry: CatalogueEntry | undefined): Promise<Commit> {
    const { context, folder, read, request } = share;
    const page = { title: plan.details.title, hideCode: plan.hideCode };
    const prepared: Prepared = await context.step('render', report =>
      renderShare(renderer, context, folder, read.gate.file, page, report)
    );
    await keep({ ...prepared, ...page });
    await failPoint('share:rendered');
    const count = { objects: 0, bytes: 0 };
    const snapshotSize = await context.step('upload', report =>
      storeBlobs({ archive, failPoint }, context, prepared, count, report)
    );
    await failPoint('share:blobs-stored');
    // Rendering takes its time: a title that was changed in the Library meanwhile must stay.
    const now = await pageOf(context.caller, read.notebookId);
    const { details } = planShare(now, request, {
      contentHash: read.facts.contentHash,
      heading: read.facts.title,
      name: read.taken.place.path
    });
    const { verdict } = read.gate;
    const { notes } = read.facts;
    const input = { caller: context.caller, notebookId: read.notebookId, request, entry: now, count, verdict, notes };
    const parent = entry?.versions[0]?.versionId;
    return commits.version({ ...input, plan: { ...plan, details } }, prepared, parent, snapshotSize);
  }

  /** A page that is not kept is made again when it is read, so its failure is none of the share. */
  async function keep(page: MadePage): Promise<void> {
    await options.keepPage(page).catch((error: unknown) => log.warn({ err: error }, 'a page was not kept'));
  }

  /**
   * Writes a commit and reads it back. From its first event on it is finished, whatever happens.
   *
   * @param signal - what may still stop it before that
   */
  async function write(share: Share, commit: Commit, signal: AbortSignal): Promise<ShareResult> {
    const { context, read, still } = share;
    await context.step('page', async () => {
      signal.throwIfAborted();
      still();
      context.save({ ...read, commit } satisfies Checkpoint);
      await failPoint('share:intent-stored');
      if (commit.manifest) await archive.putVersion(commit.manifest, commit.count);
      await failPoint('share:manifest-stored');
      for (const event of commit.events) {
        await archive.append(event, commit.count);
        await failPoint('share:event-appended');
      }
    });
    context.stopping.throwIfAborted();
    const entry = await context.step('verify', () => readBack(share, commit));
    noteSeen(share);
    await failPoint('share:seen-noted');
    return toResult(share, entry, commit);
  }

  async function readBack({ context, read }: Share, commit: Commit): Promise<CatalogueEntry> {
    const entry = await catalogue.get(context.caller, read.notebookId);
    await failPoint('share:index-applied');
    if (entry && isCommitted(commit, entry) && (!commit.manifest || (await archive.verify(commit.manifest)))) {
      await failPoint('share:verified');
      return entry;
    }
    throw new ProblemError(
      'internal',
      'What was published does not read back whole from the archive. Share again; if it happens again, run: lakeside doctor'
    );
  }

  /** Only saves reading the file next time, so its failure is none of the share. */
  function noteSeen({ read, context }: Share): void {
    const { file, place } = read.taken;
    const contentHash = read.gate.sourceHash;
    if (place.root === 'file:' && (file === undefined || !isReliable(file.modified, options.clock.now()))) return;
    try {
      bindings.saw(place, read.notebookId, { ...(file ?? { size: 0, modified: 0 }), contentHash });
    } catch (error) {
      log.warn({ err: error, job: context.id }, 'what the file looked like was not noted');
    }
  }

  return {
    kind: SHARE,
    steps: ['read', 'scan', 'render', 'upload', 'page', 'verify'],
    run,
    async ended(job) {
      await failPoint('share:result-stored');
      await work.removeShare(job.owner, job.id);
    }
  };
}

function isRead(checkpoint: Checkpoint): checkpoint is Read {
  return (
    checkpoint.taken !== undefined &&
    checkpoint.notebookId !== undefined &&
    checkpoint.facts !== undefined &&
    checkpoint.gate !== undefined
  );
}

function isCommitted(commit: Commit, entry: CatalogueEntry | undefined): boolean {
  if (entry === undefined) return false;
  const { manifest, events } = commit;
  if (manifest) return entry.versions.some(version => version.versionId === manifest.versionId);
  return entry.lastEvent >= (events.at(-1)?.id ?? '');
}

function toResult(
  { read, context }: Share,
  entry: CatalogueEntry,
  commit: Pick<Commit, 'outcome' | 'count' | 'notes'> & Partial<Commit>
): ShareResult {
  const versionId = commit.manifest?.versionId ?? entry.item.versionId;
  const version = entry.versions.find(each => each.versionId === versionId);
  if (version === undefined) throw new Error(`Job ${context.id} does not find its version ${versionId}.`);
  return {
    notebookId: read.notebookId,
    versionId,
    versionNumber: version.number,
    outcome: commit.outcome,
    title: entry.item.title,
    page: entry.item.page,
    contentHash: version.contentHash,
    objectWrites: commit.count.objects,
    bytesWritten: commit.count.bytes,
    notes: commit.notes,
    ...(read.gate.verdict && { secrets: countsOf(read.gate.verdict) })
  };
}

function countsOf({ redacted, kept }: GateVerdict): NonNullable<ShareResult['secrets']> {
  return { redacted, kept: kept.length };
}
