import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import { isElsewhere, referenceOf } from '../../../contract/schedule/places.js';
import { checkNotebook } from './notebook.js';
import type { Buckets, FetchedNotebook, ObjectPlace, RunPlaces, SharedNotebooks } from './ports.js';
import { writeStream } from './write.js';

/** What a run leaves, in the order in which it is put: whoever sees the last one finds the others whole. */
const FILES = ['events.ndjson', 'output.html', 'output.ipynb', 'run.json'] as const;

/** Largest file of an output that is brought back. Bytes. */
const LARGEST_OUTPUT = 4 * 2 ** 30;

export interface RunPlacesOptions {
  shared: SharedNotebooks;
  /** The buckets of the configuration; opened when one is first named. */
  buckets: () => Promise<Buckets>;
  /** Largest notebook that is taken. Bytes. */
  maxBytes: number;
}

export function createRunPlaces({ shared, buckets, maxBytes }: RunPlacesOptions): RunPlaces {
  const fromLibrary: RunPlaces['fetch'] = async (caller, text, folder, signal) => {
    const reference = referenceOf(text);
    if (reference?.kind !== 'share') throw nameless(text);
    const { notebookId, version } = reference;
    const { title, versionId, content } = await shared
      .read(caller, notebookId, version, signal)
      .catch((error: unknown) => {
        throw asInvalid(error, text);
      });
    const file = join(folder, fileName(title));
    await writeStream(file, content, { maxBytes, name: text });
    return { file, title, source: `share://${notebookId}@${versionId}` };
  };

  const fromBucket: RunPlaces['fetch'] = async (_, text, folder, signal) => {
    const place = placeOf(text);
    const name = place.key.split('/').at(-1) ?? '';
    const file = join(folder, fileName(name.replace(/\.ipynb$/, '')));
    const sha256 = await (await buckets()).fetch(place, file, { maxBytes, signal });
    if (sha256 !== undefined) return { file, title: name.replace(/\.ipynb$/, ''), source: `${text}#sha256=${sha256}` };
    throw new ProblemError(
      'invalid',
      `${text} is not there. Correct the name of the bucket or the key, or put the notebook there.`
    );
  };

  return {
    async fetch(caller, reference, folder, signal): Promise<FetchedNotebook> {
      const bring = reference.startsWith('share://') ? fromLibrary : fromBucket;
      const fetched = await bring(caller, reference, folder, signal);
      await checkNotebook(fetched.file, reference);
      return fetched;
    },

    async mayWrite(template) {
      if (isElsewhere(template)) (await buckets()).allow(placeOf(template), 'write');
    },

    async deliver(place, folder, signal) {
      if (!isElsewhere(place)) return;
      const { bucket, key } = placeOf(place);
      const there = new Set(await readdir(folder));
      const open = await buckets();
      for (const name of FILES) {
        signal?.throwIfAborted();
        if (!there.has(name)) continue;
        await open.store({ bucket, key: `${trimmed(key)}/${name}` }, join(folder, name), { signal });
      }
    },

    async recall(place, folder) {
      const { bucket, key } = placeOf(place);
      const open = await buckets();
      for (const name of FILES) {
        const object = { bucket, key: `${trimmed(key)}/${name}` };
        await open.fetch(object, join(folder, name), { maxBytes: LARGEST_OUTPUT });
      }
      return (await readdir(folder)).length > 0;
    }
  };
}

function placeOf(text: string): ObjectPlace {
  const reference = referenceOf(text);
  if (reference?.kind === 's3') return { bucket: reference.bucket, key: reference.key };
  throw nameless(text);
}

function nameless(text: string): ProblemError {
  return new ProblemError(
    'invalid',
    `${text.slice(0, 200)} names nothing. Write share:// with the id of a notebook of the Library, or s3:// with a bucket and a key.`
  );
}

function trimmed(key: string): string {
  return key.replace(/\/+$/, '');
}

/** What the Library refuses is a reference that is not right. */
function asInvalid(error: unknown, reference: string): unknown {
  if (!(error instanceof ProblemError) || error.status >= 500) return error;
  return new ProblemError('invalid', `${reference} cannot run: ${error.message}`, { cause: error });
}

/** A title as the name of a file, for what reads it in the output. */
function fileName(title: string): string {
  const plain = title
    .replaceAll(/[^\p{L}\p{M}\p{N}._ +-]/gu, '-')
    .replace(/^\.+/, '')
    .trim();
  return `${plain.slice(0, 60) || 'notebook'}.ipynb`;
}
