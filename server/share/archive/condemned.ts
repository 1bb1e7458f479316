import * as z from 'zod';
import { Sha256 } from '../../../contract/identifiers.js';
import type { ObjectStore } from '../ports.js';

/**
 * The list of blobs that no version refers to and that the next sweep will remove (sweep.ts).
 * Whoever shares meanwhile counts a blob on it as missing and stores it anew.
 */
export interface Condemned {
  /** When the list was made. Milliseconds since 1970. */
  at: number;
  hashes: ReadonlySet<string>;
}

const KEY = 'index/condemned.json';
const Stored = z.object({ format: z.literal(1), at: z.number(), hashes: z.array(Sha256) });

/** The list; undefined where there is none. A broken one counts as none: nothing is removed without a list. */
export async function readCondemned(store: ObjectStore): Promise<Condemned | undefined> {
  const bytes = await store.get(KEY);
  if (bytes === undefined) return undefined;
  try {
    const { at, hashes } = Stored.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return { at, hashes: new Set(hashes) };
  } catch {
    return undefined;
  }
}

export async function writeCondemned(store: ObjectStore, { at, hashes }: Condemned): Promise<void> {
  await store.put(KEY, Buffer.from(JSON.stringify({ format: 1, at, hashes: [...hashes] })));
}
