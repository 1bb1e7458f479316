import { join } from 'node:path';
import { Ulid } from '../../../contract/identifiers.js';
import type { ShareState } from '../../../contract/share/index.js';
import type { Caller, Clock } from '../../ports.js';
import type { Catalogue, CatalogueEntry } from '../archive/types.js';
import type { Bindings, FileLocation, GateMemory, NotebookFiles, Renderer } from '../ports.js';
import type { Identities, Identity } from './identity.js';
import { isReliable } from './seen.js';
import type { WikiNote } from '../wiki/records.js';
import { LIBRARY } from './targets.js';
import type { Work } from './work.js';

/** Files whose content is remembered, so that a question asked again costs nothing. */
const REMEMBERED = 500;

/** What of a file matters for its state. Undefined where nobody can say. */
interface Content {
  metadataId: string | undefined;
  contentHash: string | undefined;
}

export interface StateOptions {
  files: NotebookFiles;
  bindings: Bindings;
  catalogue: Catalogue;
  renderer: Renderer;
  identities: Identities;
  work: Work;
  clock: Clock;
  memory: GateMemory;
  followFiles: () => Promise<void>;
  /** The pages of a notebook in wikis, the one shared last first. */
  wikiPages: (notebookId: string) => Promise<WikiNote[]>;
}

/** Tells how a notebook stands to its page. Reads the file only where its size or time is new. */
export function createStates(
  options: StateOptions
): (caller: Caller, query: { path: string; metadataId?: string | undefined }) => Promise<ShareState> {
  const { files, bindings, catalogue, renderer, identities, work, clock, memory } = options;
  const remembered = new Map<string, Content>();
  const reading = new Map<string, Promise<Content>>();

  /** What a file holds, without reading it where that is known. */
  async function contentOf(caller: Caller, location: FileLocation, given: string | undefined): Promise<Content> {
    const bound = bindings.at(location.place);
    const { size, modified } = location;
    if (location.file === undefined) {
      return { metadataId: Ulid.safeParse(given).data, contentHash: bound?.seen?.contentHash };
    }
    const key = JSON.stringify([location.place.path, size, modified]);
    const known = remembered.get(key);
    if (known) return known;
    const isSeen = bound?.seen?.size === size && bound.seen.modified === modified && bound.owner === caller.name;
    if (isSeen && !bound.gone) return { metadataId: undefined, contentHash: bound.seen?.contentHash };
    const started = reading.get(key) ?? read(location).finally(() => reading.delete(key));
    reading.set(key, started);
    return started;
  }

  async function read(location: FileLocation): Promise<Content> {
    return work.within(async folder => {
      const file = join(folder, 'source.ipynb');
      const { size, modified } = await files.copy(location, file, { durable: false });
      const content = await work.within(async workDirectory => {
        const facts = await renderer.inspect({ kind: 'ipynb', file }, { workDirectory });
        return { metadataId: facts.notebookId, contentHash: facts.contentHash };
      });
      if (isReliable(modified, clock.now())) remember([location.place.path, size, modified], content);
      return content;
    });
  }

  function remember(key: unknown[], content: Content): void {
    const [oldest] = remembered.keys();
    if (oldest !== undefined && remembered.size >= REMEMBERED) remembered.delete(oldest);
    remembered.set(JSON.stringify(key), content);
  }

  return async (caller, { path, metadataId }) => {
    await options.followFiles();
    const location = await files.locate(path);
    const content = await contentOf(caller, location, metadataId);
    const identity = await identities.identify(caller, { place: location.place, ...content });
    const hasPage = identity.standing === 'known' || identity.standing === 'moved';
    const entry = hasPage ? await catalogue.get(caller, identity.notebookId) : undefined;
    const { contentHash } = content;
    const published = contentHash === undefined ? undefined : memory.publishedAs(identity.notebookId, contentHash);
    const wikis = entry === undefined ? [] : await options.wikiPages(identity.notebookId);
    return describe(path, { identity, entry, wikis, contentHash: published });
  };
}

/** What is known of a notebook. */
interface Known {
  identity: Identity;
  entry: CatalogueEntry | undefined;
  wikis: readonly WikiNote[];
  /** As what the file's content is or would be published; undefined where nobody can say. */
  contentHash: string | undefined;
}

function describe(path: string, { identity, entry, wikis, contentHash }: Known): ShareState {
  const { notebookId, standing, original } = identity;
  const newest = entry?.versions[0];
  const state = { path, notebookId, standing, ...(original && { original }) };
  if (entry === undefined || newest === undefined) return { ...state, state: 'not-shared' };
  const { item } = entry;
  const [wiki] = wikis;
  // A page in a wiki may lag behind the Library: somebody's edit stood in the way, or it could not be reached.
  const lags = wiki?.versionId !== undefined && wiki.versionId !== newest.versionId;
  const isCurrent = newest.contentHash === contentHash && !lags;
  return {
    ...state,
    state: item.deletedAt !== undefined ? 'deleted' : isCurrent ? 'up-to-date' : 'changed',
    published: {
      versionId: newest.versionId,
      versionNumber: newest.number,
      title: item.title,
      tags: item.tags,
      groups: item.groups,
      hideCode: newest.hideCode,
      sharedAt: newest.createdAt,
      owner: item.owner,
      page: item.page,
      target: wiki?.target ?? LIBRARY,
      wikis: wikis.map(({ target, title, url }) => ({ target, title, url }))
    }
  };
}
