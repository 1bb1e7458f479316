import type { PublishRequest } from '../../../contract/share/index.js';
import type { Caller, Clock, Ids } from '../../ports.js';
import type { CatalogueEntry, GateVerdict, VersionManifest, WriteCount } from '../archive/types.js';
import type { ArchiveEvent, NotebookFacts, Prepared } from '../ports.js';
import type { Commit } from './checkpoint.js';
import type { Plan } from './plan.js';

/** What a commit is made of. */
export interface CommitInput {
  caller: Caller;
  notebookId: string;
  request: Pick<PublishRequest, 'provenance'>;
  plan: Plan;
  /** The page as it is now. */
  entry: CatalogueEntry | undefined;
  count: WriteCount;
  /** What the secret gate did. */
  verdict?: GateVerdict | undefined;
  /** Sentences on what was mended and redacted before it was rendered. */
  notes?: readonly string[];
}

/** Makes commits: manifests and events with ids that count after everything that is there. */
export function createCommits({ clock, ids }: { clock: Clock; ids: Ids }): {
  version(input: CommitInput, prepared: Prepared, parent: string | undefined, snapshotSize: number): Commit;
  details(input: CommitInput): Commit;
} {
  function after(entry: CatalogueEntry | undefined): string {
    const known = [entry?.lastEvent ?? '', entry?.versions[0]?.versionId ?? ''];
    return ids.next(known.sort().at(-1));
  }

  function header(input: CommitInput, id: string): { id: string; notebookId: string; author: string; at: string } {
    return { id, notebookId: input.notebookId, author: input.caller.name, at: new Date(clock.now()).toISOString() };
  }

  return {
    version(input, prepared, parent, snapshotSize) {
      const { plan, entry, count, notebookId, caller } = input;
      const { facts } = prepared;
      const versionId = after(entry);
      const { id, ...rest } = header(input, ids.next(versionId));
      const common = {
        ...plan.details,
        owner: entry?.item.owner ?? caller.name,
        contentHash: facts.contentHash,
        hideCode: plan.hideCode,
        cells: facts.cells,
        size: facts.size,
        provenance: { ...input.request.provenance, ...kernelOf(input, facts) }
      };
      const manifest: VersionManifest = {
        format: 1,
        notebookId,
        versionId,
        parent,
        author: caller.name,
        createdAt: rest.at,
        ...common,
        nbformat: facts.nbformat,
        language: facts.language,
        snapshot: { sha256: prepared.snapshotHash, size: snapshotSize },
        blobs: prepared.blobs
          .filter(blob => blob.sha256 !== prepared.snapshotHash)
          .map(({ sha256, size }) => ({ sha256, size })),
        ...(input.verdict && { secrets: input.verdict })
      };
      const event: ArchiveEvent = {
        type: 'published',
        id,
        versionId,
        ...rest,
        ...(parent !== undefined && { parent }),
        ...common,
        ...(facts.language !== undefined && { language: facts.language }),
        text: facts.text,
        imports: facts.imports,
        tables: facts.tables
      };
      const outcome = entry === undefined ? 'created' : 'updated';
      const notes = [...new Set([...(input.notes ?? []), ...facts.notes, ...prepared.notes])];
      return { basis: entry?.lastEvent, manifest, events: [event], outcome, count, notes };
    },
    details(input) {
      const { plan, entry, count } = input;
      const events: ArchiveEvent[] = [];
      let last = after(entry);
      if (Object.keys(plan.changed).length > 0) {
        events.push({ type: 'described', ...header(input, last), ...plan.changed });
        last = ids.next(last);
      }
      if (plan.restores) events.push({ type: 'restored', ...header(input, last) });
      return {
        basis: entry?.lastEvent,
        manifest: undefined,
        events,
        outcome: plan.restores ? 'updated' : 'details',
        count,
        notes: plan.restores ? ['It had been taken out of the Library and is back.'] : []
      };
    }
  };
}

/** The kernel as the live session said, else as the notebook says. */
function kernelOf({ request }: CommitInput, facts: NotebookFacts): { kernel?: NonNullable<NotebookFacts['kernel']> } {
  const kernel = request.provenance.kernel ?? facts.kernel;
  return kernel === undefined ? {} : { kernel };
}
