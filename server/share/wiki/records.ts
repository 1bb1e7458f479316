import * as z from 'zod';
import { Instant, Ulid } from '../../../contract/identifiers.js';
import type { Clock } from '../../ports.js';
import type { ObjectStore } from '../ports.js';

const Record = z.object({
  pageId: z.string(),
  title: z.string(),
  space: z.string(),
  url: z.string(),
  version: z.string(),
  renderedHash: z.string().optional(),
  region: z.string(),
  base: z.string(),
  writing: z.object({ region: z.string(), renderedHash: z.string(), base: z.string().optional() }).optional()
});

/** What is kept for each notebook and target. */
const Stored = z.object({
  format: z.literal(1),
  notebookId: Ulid,
  target: z.string(),
  /** In the marks of the page. Another one when a person wanted a new page. */
  marker: Ulid,
  /** When it was shared there last. */
  sharedAt: Instant.optional(),
  /** The version that the page shows. */
  versionId: Ulid.optional(),
  record: Record.optional()
});
export type WikiStored = z.infer<typeof Stored>;

/** A page that Lakeside wrote, in short. */
export interface WikiNote {
  target: string;
  title: string;
  url: string;
  sharedAt: string;
  /** The version that the page shows, where that is known. */
  versionId: string | undefined;
}

/** What Lakeside knows of the pages it wrote in wikis. Lies in the archive, so that every machine knows it. */
export interface WikiRecords {
  get(notebookId: string, target: string): Promise<WikiStored | undefined>;
  /** Durable when it returns. */
  put(stored: WikiStored): Promise<void>;
  /** The pages of a notebook in some wikis, the one shared last first. May be a minute old. */
  pages(notebookId: string, targets: readonly string[]): Promise<WikiNote[]>;
}

/** For how long, and of how many pages, it is remembered that they are there. */
const REMEMBERED_MS = 60_000;
const REMEMBERED = 2000;

/** Records in an object store, one object each. One that cannot be read counts as lost: its page is found by its marker. */
export function createWikiRecords(store: Pick<ObjectStore, 'get' | 'put'>, clock: Clock): WikiRecords {
  const remembered = new Map<string, { note: WikiNote | undefined; at: number }>();

  function remember(name: string, stored: WikiStored | undefined): void {
    const [oldest] = remembered.keys();
    if (oldest !== undefined && remembered.size >= REMEMBERED) remembered.delete(oldest);
    remembered.delete(name);
    remembered.set(name, { note: stored && noteOf(stored), at: clock.monotonic() });
  }

  async function get(notebookId: string, target: string): Promise<WikiStored | undefined> {
    const bytes = await store.get(key(notebookId, target));
    const parsed = bytes && Stored.safeParse(json(bytes)).data;
    const stored = parsed?.notebookId === notebookId && parsed.target === target ? parsed : undefined;
    remember(key(notebookId, target), stored);
    return stored;
  }

  async function note(notebookId: string, target: string): Promise<WikiNote | undefined> {
    const name = key(notebookId, target);
    const known = remembered.get(name);
    if (known && clock.monotonic() - known.at < REMEMBERED_MS) return known.note;
    await get(notebookId, target);
    return remembered.get(name)?.note;
  }

  return {
    get,
    async put(stored) {
      const name = key(stored.notebookId, stored.target);
      await store.put(name, new TextEncoder().encode(JSON.stringify(stored)));
      remember(name, stored);
    },
    async pages(notebookId, targets) {
      const notes = await Promise.all(targets.map(target => note(notebookId, target)));
      return notes.filter(each => each !== undefined).sort((a, b) => b.sharedAt.localeCompare(a.sharedAt));
    }
  };
}

/** A page counts as shared once it was written whole. */
function noteOf({ target, record, sharedAt = '', versionId }: WikiStored): WikiNote | undefined {
  if (record?.renderedHash === undefined) return undefined;
  return { target, title: record.title, url: record.url, sharedAt, versionId };
}

/** Names of targets may hold any characters; those of keys may not. */
function key(notebookId: string, target: string): string {
  return `wiki/${notebookId}/${Buffer.from(target, 'utf8').toString('hex')}.json`;
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
