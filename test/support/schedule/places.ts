import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { ProblemError } from '../../../contract/problem.js';
import type { Buckets, RunPlaces } from '../../../server/schedule/places/ports.js';

/** Buckets in memory: every bucket but those called `other…` may be used, `read…` only for reading. */
export function memoryBuckets() {
  const objects = new Map<string, Buffer>();
  const stored: string[] = [];
  const state: { fault: ProblemError | undefined; hold: Promise<unknown> | undefined } = {
    fault: undefined,
    hold: undefined
  };
  const buckets: Buckets = {
    allow({ bucket }, right) {
      if (!bucket.startsWith('other') && (right === 'read' || !bucket.startsWith('read'))) return;
      throw new ProblemError('invalid', `The bucket ${bucket} is not one that may be used here. Choose another.`);
    },
    async fetch({ bucket, key }, file, { maxBytes }) {
      this.allow({ bucket, key }, 'read');
      if (state.fault) throw state.fault;
      const bytes = objects.get(`${bucket}/${key}`);
      if (bytes === undefined) return undefined;
      if (bytes.length > maxBytes) throw new ProblemError('too-large', `${key} is too large. Clear its outputs.`);
      await writeFile(file, bytes, { flag: 'wx' });
      return createHash('sha256').update(bytes).digest('hex');
    },
    async store({ bucket, key }, file, { signal }) {
      this.allow({ bucket, key }, 'write');
      if (state.hold !== undefined) {
        await Promise.race([
          state.hold,
          new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
        ]);
      }
      signal?.throwIfAborted();
      if (state.fault) throw state.fault;
      objects.set(`${bucket}/${key}`, readFileSync(file));
      stored.push(`${bucket}/${key}`);
    },
    close: () => Promise.resolve()
  };
  return { buckets, objects, stored, state };
}

/** Places where a test does not care: there are none. */
export const noPlaces: RunPlaces = {
  fetch: (_, reference) => Promise.reject(new ProblemError('invalid', `${reference} is not there. Correct it.`)),
  mayWrite: () => Promise.resolve(),
  deliver: () => Promise.resolve(),
  recall: () => Promise.resolve(false)
};
