import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { ProblemError } from '../../../contract/problem.js';
import { onStorage } from '../../storage.js';
import type { Clock, FailPoint, Log } from '../../ports.js';
import type { ArchiveEvent, ObjectStore } from '../ports.js';
import { createBlobs } from './blobs.js';
import { readCondemned } from './condemned.js';
import type { Condemned } from './condemned.js';
import { createEventLog } from './eventLog.js';
import { manifestKey, manifestPrefix, parseManifestKey } from './keys.js';
import { mapLimited } from './pool.js';
import { toManifest } from './schemas.js';
import type { Archive, VersionManifest } from './types.js';

/** Requests to the store at once, per call. */
const PARALLEL = 8;

/** How old the list of condemned blobs may be. Milliseconds. */
const LIST_AGE = 60_000;

export interface ArchiveOptions {
  store: ObjectStore;
  clock: Clock;
  log: Log;
  /** Told of every event that was appended, so that this process sees its own changes at once. */
  appended?: (event: ArchiveEvent) => void | Promise<void>;
  failPoint?: FailPoint;
}

/**
 * The archive on an object store. Right also where the store's conditional writes cannot be trusted: versions and
 * blobs never change, and of two versions with one parent both stay.
 */
export function createArchive(options: ArchiveOptions): Archive {
  const { store, clock, log, appended = () => undefined, failPoint = () => undefined } = options;
  const blobs = createBlobs(store);
  const events = createEventLog(store, log);

  let seen: { at: number; condemned: Promise<Condemned | undefined> } | undefined;

  /** The list as of a minute ago at most. A day passes before what is on it goes. */
  function currentCondemned(): Promise<Condemned | undefined> {
    const now = clock.monotonic();
    if (seen === undefined || now - seen.at > LIST_AGE) {
      const condemned = readCondemned(store);
      seen = { at: now, condemned };
      condemned.catch(() => (seen = undefined));
    }
    return seen.condemned;
  }

  /** A blob counts as there unless the sweep has it on its list: then it is stored anew, which takes it off. */
  async function hasBlobs(hashes: readonly string[]): Promise<boolean[]> {
    const condemned = await currentCondemned();
    return mapLimited(hashes, PARALLEL, async hash => {
      const storedAt = await blobs.storedAt(hash);
      return storedAt !== undefined && !(condemned?.hashes.has(hash) === true && storedAt <= condemned.at);
    });
  }

  /** Also those on the list count here: before the sweep removes them it looks for what refers to them once more. */
  async function hasAll(manifest: VersionManifest): Promise<boolean> {
    const hashes = new Set([manifest.snapshot, ...manifest.blobs].map(blob => blob.sha256));
    const stored = await mapLimited([...hashes], PARALLEL, hash => blobs.storedAt(hash));
    return stored.every(storedAt => storedAt !== undefined);
  }

  async function version(notebookId: string, versionId: string): Promise<VersionManifest | undefined> {
    const bytes = await store.get(manifestKey(notebookId, versionId));
    if (bytes === undefined) return undefined;
    return toManifest(JSON.parse((await promisify(gunzip)(bytes)).toString('utf8')));
  }

  return {
    async missingBlobs(hashes) {
      const present = await hasBlobs(hashes);
      return hashes.filter((_, index) => present[index] !== true);
    },
    async putBlob(blob, directory, count) {
      if ((await hasBlobs([blob.sha256]))[0]) return;
      await blobs.put(blob, directory, count);
      await failPoint('archive:blob-written');
    },
    async putVersion(manifest, count) {
      if (!(await hasAll(manifest))) {
        throw new ProblemError(
          'conflict',
          'Parts of this version are not in the archive any more, because the share was interrupted for days. Share the notebook again.'
        );
      }
      const bytes = await promisify(gzip)(JSON.stringify(manifest));
      const key = manifestKey(manifest.notebookId, manifest.versionId);
      const result = await store.put(key, bytes, { ifAbsent: true });
      await failPoint('archive:version-written');
      if (result === 'exists') return;
      count.objects++;
      count.bytes += bytes.byteLength;
    },
    async head(notebookId) {
      const ids: string[] = [];
      for await (const key of store.keys(manifestPrefix(notebookId))) {
        const found = parseManifestKey(key);
        if (found) ids.push(found.versionId);
      }
      for (const versionId of ids.reverse()) {
        try {
          const manifest = await version(notebookId, versionId);
          if (manifest) return manifest;
        } catch (error) {
          log.error({ err: error, object: manifestKey(notebookId, versionId) }, 'a version cannot be read');
        }
      }
      return undefined;
    },
    version,
    async verify(manifest) {
      const stored = await version(manifest.notebookId, manifest.versionId).catch(() => undefined);
      if (!isDeepStrictEqual(plain(stored), plain(manifest))) return false;
      return hasAll(manifest);
    },
    async materialise(manifest, workDirectory) {
      const blobDirectory = join(workDirectory, 'blobs');
      const file = join(workDirectory, 'snapshot.json');
      const wanted = new Map(manifest.blobs.map(blob => [blob.sha256, blob]));
      await onStorage(workDirectory, async () => {
        await mkdir(blobDirectory, { recursive: true, mode: 0o700 });
        await blobs.fetch(manifest.snapshot, file);
        await mapLimited([...wanted.values()], PARALLEL, blob => blobs.fetch(blob, join(blobDirectory, blob.sha256)));
      });
      return { kind: 'snapshot', file, blobDirectory };
    },
    async append(event, count) {
      const { created, bytes } = await events.append(event);
      await failPoint('archive:event-written');
      if (created) {
        count.objects++;
        count.bytes += bytes;
      }
      await appended(event);
    }
  };
}

/** Without keys that are undefined, which JSON does not keep. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
