import { ProblemError } from '../../../contract/problem.js';
import type { ShareState, Standing } from '../../../contract/share/index.js';
import type { Caller, Ids } from '../../ports.js';
import type { Archive, Catalogue } from '../archive/types.js';
import type { Binding, Bindings, GateMemory, NotebookFiles, Place } from '../ports.js';

/** How a file stands to the notebooks that are known. */
export interface Identity {
  standing: Standing;
  /** The id it has, or would get. */
  notebookId: string;
  /** For a duplicate: the notebook that has the id. */
  original?: NonNullable<ShareState['original']>;
}

/** What is known of a file when it is asked which notebook it is. */
export interface FileFacts {
  place: Place;
  /** The valid id in its metadata; an invalid one counts as none. */
  metadataId: string | undefined;
  /** Hash of its content, where it was read. */
  contentHash: string | undefined;
}

export interface IdentityOptions {
  bindings: Bindings;
  files: Pick<NotebookFiles, 'exists'>;
  archive: Pick<Archive, 'head'>;
  catalogue: Catalogue;
  memory: Pick<GateMemory, 'publishedAs'>;
  ids: Ids;
}

/** Tells which notebook a file is (decision 10). */
export interface Identities {
  /** Only looks. */
  identify(caller: Caller, file: FileFacts): Promise<Identity>;
  /**
   * Looks, takes the person's answer to a duplicate, and binds the place to the notebook.
   * Callers hold the lease of identities meanwhile.
   *
   * @throws ProblemError `same-id` for a duplicate without an answer, `forbidden` to update another owner's page
   */
  settle(caller: Caller, file: FileFacts, answer: 'update' | 'new' | undefined): Promise<string>;
}

export function createIdentities(options: IdentityOptions): Identities {
  const { bindings, files, archive, catalogue, memory, ids } = options;

  async function identify(caller: Caller, file: FileFacts): Promise<Identity> {
    const { metadataId } = file;
    const bound = bindings.at(file.place);
    const stays = metadataId === undefined || metadataId === bound?.notebookId || metadataId === bound?.heldId;
    if (bound && stays && (await isStill(caller, bound, file))) {
      if (bound.owner === caller.name) return { standing: 'known', notebookId: bound.notebookId };
      return duplicate(caller, bound.notebookId, bound);
    }
    if (metadataId === undefined) return { standing: 'new', notebookId: ids.next() };
    return byMetadata(caller, file.place, metadataId);
  }

  /** A file that was deleted and is there again is the same one where its id or its content says so. */
  async function isStill(caller: Caller, bound: Binding, file: FileFacts): Promise<boolean> {
    if (!bound.gone || file.metadataId !== undefined) return true;
    const entry = await catalogue.get(caller, bound.notebookId);
    if (entry === undefined || file.contentHash === undefined) return false;
    const published = memory.publishedAs(bound.notebookId, file.contentHash);
    return entry.versions.some(version => version.contentHash === published);
  }

  async function byMetadata(caller: Caller, place: Place, notebookId: string): Promise<Identity> {
    const others = bindings.of(notebookId).filter(other => !samePlace(other.place, place));
    for (const other of others) {
      if (other.owner !== caller.name || (await files.exists(other.place))) {
        return duplicate(caller, notebookId, other);
      }
    }
    if (others.length > 0) return { standing: 'moved', notebookId };
    const head = await archive.head(notebookId);
    if (head === undefined) return { standing: 'new', notebookId };
    if (head.owner === caller.name) return { standing: 'moved', notebookId };
    return { standing: 'duplicate', notebookId, original: { owner: head.owner } };
  }

  async function duplicate(caller: Caller, notebookId: string, other: Binding): Promise<Identity> {
    const title = (await catalogue.get(caller, notebookId))?.item.title;
    const path = other.place.path;
    const original = { path, owner: other.owner, ...(title !== undefined && { title }) };
    return { standing: 'duplicate', notebookId, original };
  }

  function bind(caller: Caller, { place, metadataId }: FileFacts, notebookId: string): void {
    const bound = bindings.at(place);
    const before = bound?.notebookId === notebookId ? bound : undefined;
    const heldId = metadataId === notebookId ? undefined : (metadataId ?? before?.heldId);
    bindings.put({
      place,
      notebookId,
      owner: caller.name,
      seen: before?.seen,
      ...(heldId !== undefined && { heldId })
    });
  }

  async function forgetOldPlaces(place: Place, notebookId: string): Promise<void> {
    for (const other of bindings.of(notebookId)) {
      if (!samePlace(other.place, place) && !(await files.exists(other.place))) bindings.remove(other.place);
    }
  }

  return {
    identify,
    async settle(caller, file, answer) {
      const found = await identify(caller, file);
      let { notebookId } = found;
      if (found.standing === 'duplicate') {
        if (answer === undefined) throw sameId(found);
        if (answer === 'update' && found.original?.owner !== caller.name) throw notYours(found);
      }
      const asNew = answer === 'new' && (found.standing === 'duplicate' || found.standing === 'moved');
      if (asNew) notebookId = ids.next();
      bind(caller, file, notebookId);
      if (found.standing === 'moved' && !asNew) await forgetOldPlaces(file.place, notebookId);
      return notebookId;
    }
  };
}

function samePlace(a: Place, b: Place): boolean {
  return a.root === b.root && a.path === b.path;
}

function sameId({ original }: Identity): ProblemError {
  const name = original?.path?.split('/').at(-1);
  const other = name === undefined ? 'another notebook' : `"${name}"`;
  const owner = original === undefined ? '' : ` of ${original.owner}`;
  return new ProblemError(
    'same-id',
    `This notebook carries the id of ${other}${owner}, as a copy does. Choose: update that page, or publish as a notebook of its own.`
  );
}

function notYours({ original }: Identity): ProblemError {
  return new ProblemError(
    'forbidden',
    `The page with this id belongs to ${original?.owner ?? 'somebody else'}, and only its owner may update it. Publish as a notebook of its own.`
  );
}
