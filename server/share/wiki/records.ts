import * as z from 'zod';
import { Ulid } from '../../../contract/identifiers.js';
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
  record: Record.optional()
});
export type WikiStored = z.infer<typeof Stored>;

/** What Lakeside knows of the pages it wrote in wikis. Lies in the archive, so that every machine knows it. */
export interface WikiRecords {
  get(notebookId: string, target: string): Promise<WikiStored | undefined>;
  /** Durable when it returns. */
  put(stored: WikiStored): Promise<void>;
}

/** Records in an object store, one object each. One that cannot be read counts as lost: its page is found by its marker. */
export function createWikiRecords(store: Pick<ObjectStore, 'get' | 'put'>): WikiRecords {
  return {
    async get(notebookId, target) {
      const bytes = await store.get(key(notebookId, target));
      const parsed = bytes && Stored.safeParse(json(bytes)).data;
      return parsed?.notebookId === notebookId && parsed.target === target ? parsed : undefined;
    },
    async put(stored) {
      await store.put(key(stored.notebookId, stored.target), new TextEncoder().encode(JSON.stringify(stored)));
    }
  };
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
