import type { S3Client } from '@aws-sdk/client-s3';
import type { AsyncBuffer } from 'hyparquet';
import { ProblemError } from '../../../../contract/problem.js';
import type { PluginSurroundings } from '../../../plugins/plugin.js';
import type { SourceCall } from '../../../tables/ports.js';
import { keyProvider } from '../s3/keys.js';
import type { S3Settings } from '../s3/settings.js';
import { bucketProblem, type BucketPlace } from './bucketProblems.js';
import { byPath } from './folder.js';
import type { FileEntry, LakeFiles, Listing } from './files.js';
import { isLeftOut } from './files.js';

/** How long a list of what is in the bucket is used again. Milliseconds. */
const LIST_AGE = 20_000;

/** Objects that are listed at most: 100 requests. */
const MOST_OBJECTS = 100_000;

/** How long a connection may take, and an answer with all attempts at it. Milliseconds. */
const CONNECT = 2_000;
const ANSWER = 4_600;
const CONNECTIONS = 16;

export type BucketSettings = Omit<S3Settings, 'bucket' | 'prefix'>;

/**
 * A client for reading: a question of a person waits behind it, so it tries twice and no more.
 *
 * @param fixed - a key that is used in place of the settings' own
 */
export async function readingClient(
  settings: BucketSettings,
  surroundings: PluginSurroundings,
  fixed?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined }
): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const { endpoint, region, pathStyle = endpoint !== undefined } = settings;
  const credentials = keyProvider(settings.credentials, surroundings);
  return new S3Client({
    ...(endpoint !== undefined && { endpoint }),
    ...((region ?? endpoint) !== undefined && { region: region ?? 'us-east-1' }),
    ...(fixed && {
      credentials: {
        accessKeyId: fixed.accessKeyId,
        secretAccessKey: fixed.secretAccessKey,
        ...(fixed.sessionToken !== undefined && { sessionToken: fixed.sessionToken })
      }
    }),
    ...(credentials && { credentials }),
    forcePathStyle: pathStyle,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: CONNECT,
      httpAgent: { keepAlive: true, maxSockets: CONNECTIONS },
      httpsAgent: { keepAlive: true, maxSockets: CONNECTIONS }
    }
  });
}

export interface BucketOptions {
  client: S3Client;
  bucket: string;
  prefix?: string | undefined;
  /** The address of the server, for sentences. */
  endpoint?: string | undefined;
  /** Where the settings stand. */
  settings: string;
  /** Milliseconds that only go forward. */
  monotonic: () => number;
}

/** A bucket, or the part of it below a prefix. Folders are what slashes in keys make. */
export function openBucket({ client, bucket, prefix = '', endpoint, settings, monotonic }: BucketOptions): LakeFiles {
  const base = prefix.replace(/\/+$/, '');
  const root = base === '' ? `s3://${bucket}` : `s3://${bucket}/${base}`;
  const keyOf = (path: string): string => {
    if (path.split('/').includes('..'))
      throw new ProblemError('source-forbidden', `${path} leads out of ${root}. Only what lies there is read.`);
    return base === '' ? path : `${base}/${path}`;
  };
  const place = (path: string): string => (path === '' ? root : `${root}/${path}`);
  const where: BucketPlace = { bucket, server: endpoint ?? 'Amazon S3', settings };
  let known: { at: number; found: Promise<Found> } | undefined;

  /** @param work - is given a signal that also ends what takes too long */
  async function guarded<T>(
    what: string,
    { signal }: SourceCall,
    work: (signal: AbortSignal) => Promise<T>
  ): Promise<T> {
    signal.throwIfAborted();
    const limit = AbortSignal.timeout(ANSWER);
    try {
      return await work(AbortSignal.any([signal, limit]));
    } catch (error) {
      signal.throwIfAborted();
      throw bucketProblem(limit.aborted ? limit.reason : error, where, what);
    }
  }

  /** All objects below a folder. */
  async function below(folder: string, most: number, call: SourceCall): Promise<Found> {
    const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
    const start = folder === '' ? base : keyOf(folder);
    const Prefix = start === '' ? '' : `${start}/`;
    const files: FileEntry[] = [];
    let token: string | undefined;
    do {
      const page = await guarded(place(folder), call, abortSignal =>
        client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, ...(token && { ContinuationToken: token }) }), {
          abortSignal
        })
      );
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
        const path = base === '' ? Key : Key.slice(base.length + 1);
        // Programs mark folders by objects whose keys end so.
        if (Key.endsWith('/') || path.split('/').some(name => name === '' || isLeftOut(name))) continue;
        files.push({ path, bytes: Size, modified: LastModified?.getTime() ?? 0 });
      }
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined && files.length < most);
    return { files: files.slice(0, most).sort(byPath), more: token !== undefined || files.length > most };
  }

  /** The whole of it, as of a few seconds ago: schemas and names ask for many of its folders in a row. */
  async function all(call: SourceCall): Promise<Found> {
    const now = monotonic();
    if (known === undefined || now - known.at > LIST_AGE) {
      const found = below('', MOST_OBJECTS, call);
      const mine = { at: now, found };
      known = mine;
      found.catch(() => {
        if (known === mine) known = undefined;
      });
    }
    return known.found;
  }

  return {
    root,
    place,
    async list(folder, call) {
      const { files } = await all(call);
      return listingOf(files, folder);
    },
    async walk(folder, most, call) {
      return below(folder, most, call);
    },
    async stat(path, call) {
      const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
      const found = await guarded(place(path), call, abortSignal =>
        client.send(new HeadObjectCommand({ Bucket: bucket, Key: keyOf(path) }), { abortSignal })
      );
      return { path, bytes: found.ContentLength ?? 0, modified: found.LastModified?.getTime() ?? 0 };
    },
    async open(path, call, bytes) {
      const byteLength = bytes ?? (await this.stat(path, call)).bytes;
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      const slice = (start: number, end = byteLength): Promise<ArrayBuffer> =>
        guarded(place(path), call, async abortSignal => {
          if (end <= start) return new ArrayBuffer(0);
          const answer = await client.send(
            new GetObjectCommand({ Bucket: bucket, Key: keyOf(path), Range: `bytes=${start}-${end - 1}` }),
            { abortSignal }
          );
          const part = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
          // A server that knows no ranges answers with the whole object.
          const wanted = answer.ContentRange === undefined ? part.subarray(start, end) : part;
          return wanted.buffer.slice(wanted.byteOffset, wanted.byteOffset + wanted.byteLength) as ArrayBuffer;
        });
      return { byteLength, slice } satisfies AsyncBuffer;
    },
    pathOf(address) {
      const match = /^s3[an]?:\/\/([^/]+)\/?(.*)$/.exec(address);
      if (match?.[1] !== bucket) return undefined;
      const key = match[2] ?? '';
      if (base === '') return key;
      if (key === base) return '';
      return key.startsWith(`${base}/`) ? key.slice(base.length + 1) : undefined;
    },
    close() {
      client.destroy();
      return Promise.resolve();
    }
  };
}

interface Found {
  files: FileEntry[];
  more: boolean;
}

function listingOf(files: readonly FileEntry[], folder: string): Listing {
  const start = folder === '' ? '' : `${folder}/`;
  const folders = new Set<string>();
  const names: string[] = [];
  for (const { path } of files) {
    if (!path.startsWith(start)) continue;
    const rest = path.slice(start.length);
    const at = rest.indexOf('/');
    if (at < 0) names.push(rest);
    else folders.add(rest.slice(0, at));
  }
  return { folders: [...folders], files: names };
}
