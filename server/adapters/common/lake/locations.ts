import { isAbsolute } from 'node:path';
import * as z from 'zod';
import { ProblemError } from '../../../../contract/problem.js';
import type { PluginSurroundings } from '../../../plugins/plugin.js';
import { S3Settings } from '../s3/settings.js';
import { openBucket, readingClient, type BucketSettings } from './bucket.js';
import type { LakeFiles } from './files.js';
import { localPath, openFolder } from './folder.js';

const { endpoint, region, pathStyle, credentials } = S3Settings.shape;

/** Where a catalogue's files may be read: what is not named here is not read, whatever the catalogue says. */
export const DataSettings = z.strictObject({
  path: z
    .string()
    .refine(isAbsolute, 'must be an absolute path')
    .optional()
    .describe('A folder of this machine: tables that lie below it can be previewed. Absent: none.'),
  s3: z
    .strictObject({ endpoint, region, pathStyle, credentials })
    .optional()
    .describe('How to reach tables in buckets. Absent: by the keys that the catalogue hands out, where it does.')
});
export type DataSettings = z.infer<typeof DataSettings>;

/** Keys for a bucket that a catalogue handed out for one table. */
export interface Vended {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
  endpoint?: string | undefined;
  region?: string | undefined;
  pathStyle?: boolean | undefined;
}

/** Files by their addresses. */
export interface Locations {
  /**
   * What an address lies in, and its path there.
   *
   * @throws ProblemError `source-forbidden` where the settings let nothing be read there
   */
  find(address: string, vended?: Vended): Promise<{ files: LakeFiles; path: string }>;
  close(): Promise<void>;
}

/** Makes what reads the files of a catalogue. Asks nobody anything. */
export function createLocations(
  { path, s3 }: DataSettings,
  surroundings: PluginSurroundings,
  label: string
): Locations {
  const folder = path === undefined ? undefined : openFolder(path);
  const buckets = new Map<string, Promise<LakeFiles>>();
  const { settings, clock } = surroundings;

  function bucketOf(bucket: string, vended: Vended | undefined): Promise<LakeFiles> {
    // Keys of one table change every hour: each has a client of its own.
    const key = vended ? `${bucket} ${vended.accessKeyId} ${vended.sessionToken ?? ''}` : bucket;
    const known = buckets.get(key);
    if (known) return known;
    if (vended && buckets.size >= 20) dropVended();
    const opened = open(bucket, vended);
    buckets.set(key, opened);
    return opened;
  }

  function dropVended(): void {
    for (const [key, opened] of buckets) {
      if (!key.includes(' ')) continue;
      buckets.delete(key);
      void opened.then(files => files.close());
    }
  }

  async function open(bucket: string, vended: Vended | undefined): Promise<LakeFiles> {
    const used: BucketSettings = vended ? {} : (s3 ?? {});
    const client = vended
      ? await readingClient(
          {
            endpoint: vended.endpoint ?? s3?.endpoint,
            region: vended.region ?? s3?.region ?? 'us-east-1',
            pathStyle: vended.pathStyle ?? s3?.pathStyle
          },
          surroundings,
          vended
        )
      : await readingClient(used, surroundings);
    const server = vended?.endpoint ?? s3?.endpoint;
    return openBucket({ client, bucket, endpoint: server, settings, monotonic: () => clock.monotonic() });
  }

  return {
    async find(address, vended) {
      const local = localPath(address);
      if (local !== undefined) {
        const inside = folder?.pathOf(address);
        if (folder && inside !== undefined) return { files: folder, path: inside };
        throw new ProblemError(
          'source-forbidden',
          `${label} has this table at ${local}, which Lakeside may not read. Set data.path of ${settings} to the folder that holds the tables, where this machine has it.`
        );
      }
      const bucket = /^s3[an]?:\/\/([^/]+)/.exec(address)?.[1];
      if (bucket === undefined)
        throw new ProblemError(
          'source-failed',
          `${label} has this table at ${address.slice(0, 200)}: Lakeside previews files of folders and of S3 buckets only. Insert code to read it.`
        );
      if (vended === undefined && s3 === undefined)
        throw new ProblemError(
          'source-forbidden',
          `${label} has this table in the bucket ${bucket} and hands out no key for it. Set data.s3 of ${settings} to preview it.`
        );
      const files = await bucketOf(bucket, vended);
      return { files, path: files.pathOf(address) ?? '' };
    },
    async close() {
      await Promise.all([...buckets.values()].map(async opened => (await opened).close()));
    }
  };
}
