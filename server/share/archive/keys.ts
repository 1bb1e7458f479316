import { decodeTime, encodeTime } from 'ulid';

/** Where everything lies in the object store. docs/architecture.md shows the same as a table. */

const LAST_DAY = Date.UTC(9999, 11, 31);

/** A blob, by its content. With `.gz` its bytes are packed; which of the two is there, is for the writer to choose. */
export function blobKey(sha256: string, packed: boolean): string {
  return `${BLOBS}${sha256.slice(0, 2)}/${sha256}${packed ? '.gz' : ''}`;
}
export const BLOBS = 'blobs/sha256/';

/** The SHA-256 in a blob's key, and whether it is packed; undefined for a foreign key. */
export function parseBlobKey(key: string): { sha256: string; packed: boolean } | undefined {
  const match = /^blobs\/sha256\/[0-9a-f]{2}\/([0-9a-f]{64})(\.gz)?$/.exec(key);
  return match?.[1] === undefined ? undefined : { sha256: match[1], packed: match[2] !== undefined };
}

/** Prefix of the manifests of all notebooks. */
export const NOTEBOOKS = 'nb/';

/** Prefix of a notebook's manifests; their byte order is the order of versions. */
export function manifestPrefix(notebookId: string): string {
  return `${NOTEBOOKS}${notebookId}/v/`;
}

export function manifestKey(notebookId: string, versionId: string): string {
  return `${manifestPrefix(notebookId)}${versionId}.json.gz`;
}

export function parseManifestKey(key: string): { notebookId: string; versionId: string } | undefined {
  const match = /^nb\/([0-9A-Z]{26})\/v\/([0-9A-Z]{26})\.json\.gz$/.exec(key);
  return match?.[1] && match[2] ? { notebookId: match[1], versionId: match[2] } : undefined;
}

/** Prefix of the event log. */
export const LOG = 'log/';

/** An event; its day is that of its id, so that the byte order of keys is the order of ids. */
export function eventKey(id: string): string {
  return `${LOG}${day(decodeTime(id))}/${id}.json`;
}

export function parseEventKey(key: string): string | undefined {
  return /^log\/\d{4}-\d\d-\d\d\/([0-9A-Z]{26})\.json$/.exec(key)?.[1];
}

/** A key before that of every event made at this time (milliseconds since 1970) or later. */
export function beforeEvents(since: number): string {
  return `${LOG}${day(Math.max(0, since))}/${encodeTime(Math.max(0, Math.floor(since)))}`;
}

/** Prefix of the snapshots. The one with the greatest id counts. */
export const SNAPSHOTS = 'index/snap-';

export function snapshotKey(id: string): string {
  return `${SNAPSHOTS}${id}.ndjson.gz`;
}

export function parseSnapshotKey(key: string): string | undefined {
  return /^index\/snap-([0-9A-Z]{26})\.ndjson\.gz$/.exec(key)?.[1];
}

/** Prefix of the texts that snapshots refer to. */
export const TEXTS = 'index/text-';

export function textKey(snapshot: string, shard: string): string {
  return `${TEXTS}${snapshot}-${shard}.ndjson.gz`;
}

/**
 * The share of the texts that a notebook belongs to: those that were new in the same 12 days. Shares sorted by name
 * hold notebooks sorted by id, and what is shared today mostly falls into one of them.
 */
export function textShard(notebookId: string): string {
  return notebookId.slice(0, 4);
}

function day(time: number): string {
  return new Date(Math.min(time, LAST_DAY)).toISOString().slice(0, 10);
}
