import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import { PageConflict, type PublishRequest, type ShareResult } from '../../../contract/share/index.js';
import { LeaseLost, type Holder } from '../../jobs/hold.js';
import type { JobContext, JobKind, Report } from '../../jobs/kinds.js';
import type { Clock, FailPoint, Ids } from '../../ports.js';
import type { Catalogue } from '../archive/types.js';
import type { Renderer, WikiFeatures, WikiNewPage, WikiRendering, Wikis, WikiTarget } from '../ports.js';
import type { WikiPageOptions } from '../wiki/ports.js';
import { publishToWiki, type WikiRecord } from '../wiki/publish.js';
import type { WikiRecords, WikiStored } from '../wiki/records.js';
import type { Checkpoint, ShareInput } from './checkpoint.js';
import { emptyFolder } from './take.js';
import type { Work } from './work.js';

/** The kind of jobs that shares to a wiki are. */
export const WIKI_SHARE = 'share-wiki';

export interface WikiShareOptions {
  /** The share to the Library, which comes first: the page in the wiki refers to it. */
  share: JobKind;
  wikis: Wikis;
  records: WikiRecords;
  catalogue: Catalogue;
  renderer: Renderer;
  holder: Holder;
  work: Work;
  ids: Ids;
  clock: Clock;
  failPoint: FailPoint;
  /** Where people reach this Lakeside; undefined where nobody said. */
  publicUrl: string | undefined;
}

/** How far a share to a wiki got. */
interface WikiCheckpoint {
  /** That of the share to the Library. */
  library?: Checkpoint;
  result?: ShareResult;
  /** Decided once, so that a resumed share finds the page it made. */
  marker?: string;
  /** What was known of the page that a new one takes the place of; comes back where no new one is made. */
  replaced?: WikiStored;
}

/**
 * Shares to the Library, then to a wiki: what the Library's share does → wiki-render → wiki-page → wiki-figures →
 * wiki-text. Killed anywhere it is run
 * again, goes on from what it stored, and makes no second page.
 */
export function createWikiShareJob(options: WikiShareOptions): JobKind {
  const { share, wikis, records, catalogue, renderer, holder, work, ids, clock, failPoint } = options;

  async function run(context: JobContext): Promise<ShareResult> {
    let kept = (context.checkpoint ?? {}) as WikiCheckpoint;
    const save = (more: WikiCheckpoint): void => {
      kept = { ...kept, ...more };
      context.save(kept);
    };
    const library = {
      ...context,
      checkpoint: kept.library,
      save: (checkpoint: unknown) => save({ library: checkpoint as Checkpoint })
    };
    const result = kept.result ?? ((await share.run(library)) as ShareResult);
    save({ result });
    await failPoint('wiki:library-shared');
    const { request } = context.input as ShareInput;
    for (;;) {
      try {
        const name = `wiki:${request.target}:${result.notebookId}`;
        const wiki = await holder.hold(name, context.signal, async () => {
          const { stored, replaced } = await storedFor(context, result.notebookId, kept);
          save({ marker: stored.marker, ...(replaced && { replaced }) });
          await records.put(stored);
          await failPoint('wiki:marker-stored');
          return publish(context, result, { stored, replaced }, published(kept)).catch(async (error: unknown) => {
            if (replaced && !context.stopping.aborted) await restore(replaced);
            throw error;
          });
        });
        return { ...result, ...wiki, notes: [...new Set([...result.notes, ...wiki.notes])] };
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw withLibrary(error, result);
      }
    }
  }

  /** What is known of the page, under the marker of this share, and what that takes the place of. */
  async function storedFor(
    context: JobContext,
    notebookId: string,
    kept: WikiCheckpoint
  ): Promise<{ stored: WikiStored; replaced: WikiStored | undefined }> {
    const { target, conflict } = (context.input as ShareInput).request;
    const known = await records.get(notebookId, target);
    const wanted = kept.marker ?? (conflict === 'new' ? undefined : known?.marker) ?? ids.next();
    const stored: WikiStored = known?.marker === wanted ? known : { format: 1, notebookId, target, marker: wanted };
    const replaced = kept.replaced ?? (known && known !== stored && known.record ? known : undefined);
    return { stored, replaced };
  }

  /** Takes the choice of a new page back where that was not made: the notebook keeps the page it had. */
  async function restore(replaced: WikiStored): Promise<void> {
    const now = await records.get(replaced.notebookId, replaced.target);
    if (now?.record === undefined) await records.put(replaced);
  }

  async function publish(
    context: JobContext,
    result: ShareResult,
    { stored, replaced }: { stored: WikiStored; replaced: WikiStored | undefined },
    file: string
  ): Promise<Required<Pick<ShareResult, 'wiki' | 'notes'>>> {
    const { request } = context.input as ShareInput;
    const { marker } = stored;
    const target = await wikis.open(request.target);
    const { features } = await target.check({ signal: context.signal });
    const rendering = await context.step('wiki-render', report =>
      render(context, { result, features, marker, file }, report)
    );
    await failPoint('wiki:rendered');
    const region = await readFile(rendering.file, 'utf8');
    const place = stored.record ? {} : await placeOf(target, placeAmong(request.place, replaced), context.signal);
    const title = request.place?.title ?? result.title;
    const outcome = await publishToWiki({
      target,
      dialect: features.dialect,
      marker,
      place: { title, ...place },
      region,
      renderedHash: rendering.sha256,
      attachments: rendering.attachments,
      record: stored.record && toRecord(stored.record),
      answer: request.conflict === 'new' ? undefined : request.conflict,
      seen: request.seen,
      chosen: request.wikiPage,
      save: record => {
        const isWhole = record.renderedHash === rendering.sha256 && record.writing === undefined;
        const sharedAt = new Date(clock.now()).toISOString();
        return records.put({ ...stored, ...(isWhole && { sharedAt, versionId: result.versionId }), record });
      },
      stages: {
        run: (stage, work) => context.step(`wiki-${stage}`, work),
        skip: stage => context.skip(`wiki-${stage}`)
      },
      failPoint,
      signal: context.signal,
      author: context.caller.name
    });
    const { record, outcome: what, uploads, edits } = outcome;
    const label = wikis.list().find(each => each.id === request.target)?.label ?? request.target;
    const { title: name, url } = record;
    const wiki = { target: request.target, label, title: name, url, outcome: what, uploads, edits };
    return { wiki, notes: [...renamed(stored.record?.title, name), ...rendering.notes] };
  }

  async function render(
    context: JobContext,
    { result, features, marker, file }: { result: ShareResult; features: WikiFeatures; marker: string; file: string },
    report: Report
  ): Promise<WikiRendering> {
    // What a request leaves out stayed as it was, and the Library knows how it was.
    const page = await catalogue.get(context.caller, result.notebookId);
    const folder = await work.share(context.caller.name, context.id);
    const workDirectory = await emptyFolder(join(folder, 'wiki'));
    const { publicUrl } = options;
    return renderer.wiki(
      { kind: 'ipynb', file: join(folder, file) },
      {
        features,
        marker,
        title: result.title,
        hideCode: page?.versions[0]?.hideCode ?? false,
        tags: page?.item.tags ?? [],
        links: publicUrl === undefined ? {} : linksTo(new URL(result.page, publicUrl.replace(/\/*$/, '/')))
      },
      { workDirectory, signal: context.signal, onProgress: (done, total) => report(done, total) }
    );
  }

  return {
    kind: WIKI_SHARE,
    steps: [...share.steps, 'wiki-render', 'wiki-page', 'wiki-figures', 'wiki-text'],
    run,
    ended: async job => share.ended?.(job)
  };
}

/** A person who decides about a page must know that the Library has the new version already. */
function withLibrary(error: unknown, { versionNumber }: ShareResult): unknown {
  const conflict = error instanceof ProblemError ? PageConflict.safeParse(error.details).data : undefined;
  if (!(error instanceof ProblemError) || conflict === undefined) return error;
  return new ProblemError(error.code, error.message, {
    details: { ...conflict, library: { versionNumber } } satisfies PageConflict
  });
}

/** Where nobody chose a place, a page that takes the place of another one goes to the space of that. */
function placeAmong(chosen: PublishRequest['place'], replaced: WikiStored | undefined): PublishRequest['place'] {
  const space = replaced?.record?.space ?? '';
  return space === '' || chosen?.space !== undefined || chosen?.parent !== undefined ? chosen : { ...chosen, space };
}

/** The place that a person chose; a parent may be given by its id or by its title. */
async function placeOf(target: WikiTarget, place: PublishRequest['place'], signal: AbortSignal): Promise<Place> {
  const { space, parent } = place ?? {};
  if (parent === undefined) return { space };
  const page =
    (await target.read(parent, { signal })) ??
    (await target.parents(parent, { space }, { signal })).find(({ title }) => title === parent);
  if (page) return { space, parent: page.id };
  throw new ProblemError(
    'target-not-found',
    `There is no page "${parent}" in the wiki below which this could go. Give the title of one that is there.`
  );
}

/** What leads from a wiki back to the Library: the page, and the page that offers a copy of it. */
function linksTo(page: URL): WikiPageOptions['links'] {
  const copy = new URL(page);
  copy.search = 'fork';
  return { version: page.href, copy: copy.href };
}

/** A page keeps the name that people gave it, and the person is told. */
function renamed(before: string | undefined, now: string): string[] {
  return before === undefined || before === now ? [] : [`The page "${before}" is called "${now}" in the wiki now.`];
}

type Place = Pick<WikiNewPage, 'space' | 'parent'>;

/** A stored record, with every field there. */
function toRecord({ writing, renderedHash, ...rest }: NonNullable<WikiStored['record']>): WikiRecord {
  return { ...rest, renderedHash, writing: writing && { ...writing, base: writing.base } };
}

/** The file that passed the secret gate: the wiki gets what the Library got, never what the gate held back. */
function published({ library }: WikiCheckpoint): string {
  if (library?.gate) return library.gate.file;
  throw new Error('A share to a wiki has nothing that passed the secret gate.');
}
