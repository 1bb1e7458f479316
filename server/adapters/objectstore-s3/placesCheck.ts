import { ProblemError } from '../../../contract/problem.js';
import type { Finding, PluginSurroundings } from '../../plugins/plugin.js';
import { openBucket } from './bucket.js';
import { faultOf } from '../common/s3/faults.js';
import type { S3PlaceSettings } from './placeSettings.js';
import { openObject } from './reading.js';

/** An object that is nowhere. */
const NOTHING = '.lakeside-doctor';

/** Asks each bucket of `places.s3` for an object that is not there: whether it answers, and knows the key. Writes nothing. */
export async function checkPlaces(
  { buckets, ...server }: S3PlaceSettings,
  surroundings: PluginSurroundings
): Promise<Finding[]> {
  return Promise.all(
    buckets.map(async ({ bucket: name, prefix = '', access }): Promise<Finding> => {
      const bucket = openBucket({ ...server, bucket: name, prefix }, surroundings);
      const where = `s3://${name}/${bucket.root}`;
      try {
        await bucket.attempt('read objects', () => openObject(bucket, NOTHING));
        const asked = access === 'write' ? 'can be read; whether it can be written is not tried' : 'can be read';
        return { state: 'ok', detail: `${where} ${asked}` };
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        // A key that may not list is told of an object that is not there as of one that it may not read.
        if (faultOf(error.cause).name !== 'AccessDenied')
          return { state: 'failed', detail: `${where}: ${error.message}` };
        return {
          state: 'warning',
          detail: `${where} refuses to say whether an object is there`,
          cure: 'Run a notebook from there. If that is refused too, give the key the rights in docs/operators/object-storage.md.'
        };
      } finally {
        bucket.client.destroy();
      }
    })
  );
}
