import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { Bucket } from './bucket.js';
import { probe } from './probe.js';

/** What a server really does, as the probe found it. */
export const Verdict = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  /** `If-None-Match: *`: exactly one winner among writers at once; several; or not looked at at all. */
  ifAbsent: z.enum(['exact', 'racy', 'ignored']),
  /** Whether uploads in parts work, and whether completing one heeds `If-None-Match: *`. */
  multipart: z.boolean(),
  multipartIfAbsent: z.boolean(),
  /** Whether a list shows what was just written, and no more what was just removed. */
  listsAtOnce: z.boolean(),
  /** Whether lists are in the byte order of keys and begin after the key they are told. */
  listsSorted: z.boolean(),
  /** Whether bytes that do not fit their checksum are refused. */
  refusesDamaged: z.boolean(),
  /** Seconds the server's clock is ahead of ours. */
  clockAhead: z.number()
});
export type Verdict = z.infer<typeof Verdict>;

/** How long a verdict holds. Servers get better, and worse, with their updates. Milliseconds. */
const AGE = 7 * 24 * 3_600_000;

/** The verdict on a bucket: the one of this week, else a new one, kept for all processes of this home. */
export async function verdictOn(bucket: Bucket): Promise<Verdict> {
  const known = await readFile(fileOf(bucket), 'utf8')
    .then(text => Verdict.parse(JSON.parse(text)))
    .catch(() => undefined);
  const age = bucket.surroundings.clock.now() - (known?.at ?? -Infinity);
  return known !== undefined && age >= 0 && age < AGE ? known : renewVerdict(bucket);
}

/** Asks the server anew. */
export async function renewVerdict(bucket: Bucket): Promise<Verdict> {
  const verdict = { at: bucket.surroundings.clock.now(), ...(await probe(bucket)) };
  const { at: _, ...found } = verdict;
  bucket.surroundings.log.info({ bucket: bucket.name, ...found }, 'asked the object storage what it honours');
  await keep(fileOf(bucket), verdict).catch((error: unknown) =>
    bucket.surroundings.log.warn({ err: error }, 'could not keep what the object storage honours')
  );
  return verdict;
}

function fileOf({ place, surroundings }: Bucket): string {
  const name = createHash('sha256')
    .update(JSON.stringify([place.server, place.region ?? '', place.bucket]))
    .digest('hex')
    .slice(0, 16);
  return join(surroundings.cacheDirectory, `s3-${name}.json`);
}

async function keep(file: string, verdict: Verdict): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, JSON.stringify(verdict), { mode: 0o600 });
  await rename(temporary, file);
}
