import * as z from 'zod';
import { Instant, Sha256, Ulid } from '../../../contract/identifiers.js';
import { Audience, Provenance } from '../../../contract/share/index.js';
import type { ArchiveEvent, NotebookCore, VersionFact } from '../ports.js';
import type { VersionManifest } from './types.js';

/** What is read back from the store is checked like anything from outside. */

const count = z.number().int().min(0);
const names = z.array(z.string());
const happened = { id: Ulid, notebookId: Ulid, author: z.string(), at: Instant };

/** An object of the log. */
export const ArchiveEventSchema: z.ZodType<ArchiveEvent> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('published'),
    ...happened,
    versionId: Ulid,
    parent: Ulid.optional(),
    contentHash: Sha256,
    hideCode: z.boolean(),
    cells: count,
    size: count,
    provenance: Provenance,
    title: z.string(),
    tags: names,
    groups: names,
    owner: z.string(),
    audience: Audience,
    language: z.string().optional(),
    text: z.string(),
    imports: names,
    tables: names
  }),
  z.object({
    type: z.literal('described'),
    ...happened,
    title: z.string().optional(),
    tags: names.optional(),
    groups: names.optional(),
    audience: Audience.optional()
  }),
  z.object({ type: z.literal('deleted'), ...happened }),
  z.object({ type: z.literal('restored'), ...happened }),
  z.object({ type: z.literal('purged'), ...happened })
]);

const BlobReference = z.object({ sha256: Sha256, size: count });

/** A manifest. */
export const VersionManifestSchema = z.object({
  format: z.literal(1),
  notebookId: Ulid,
  versionId: Ulid,
  parent: Ulid.optional(),
  author: z.string(),
  owner: z.string(),
  audience: Audience,
  createdAt: Instant,
  contentHash: Sha256,
  title: z.string(),
  tags: names,
  groups: names,
  hideCode: z.boolean(),
  cells: count,
  size: count,
  nbformat: count,
  language: z.string().optional(),
  provenance: Provenance,
  snapshot: BlobReference,
  blobs: z.array(BlobReference),
  secrets: z
    .object({
      redacted: count,
      kept: z.array(
        z.object({
          fingerprint: z.string(),
          rule: z.string(),
          as: z.enum(['not-a-secret', 'published']),
          reason: z.string()
        })
      )
    })
    .optional()
});

/** A manifest as it was written. */
export function toManifest(value: unknown): VersionManifest {
  const { parent, language, ...rest } = VersionManifestSchema.parse(value);
  return { ...rest, parent, language };
}

function register<S extends z.ZodType>(value: S): z.ZodObject<{ event: typeof Ulid; value: S }> {
  return z.object({ event: Ulid, value });
}

/** The core of a notebook in a snapshot. */
export const NotebookCoreSchema: z.ZodType<NotebookCore> = z.object({
  notebookId: Ulid,
  last: Ulid,
  purged: Ulid.optional(),
  title: register(z.string()).optional(),
  tags: register(names).optional(),
  groups: register(names).optional(),
  audience: register(Audience).optional(),
  deletedAt: register(Instant.nullable()).optional(),
  updatedAt: register(Instant).optional(),
  facts: register(z.object({ language: z.string().optional(), imports: names, tables: names })).optional()
});

/** A version in a snapshot. */
export const VersionFactSchema: z.ZodType<VersionFact> = z.object({
  event: Ulid,
  versionId: Ulid,
  parent: Ulid.optional(),
  author: z.string(),
  owner: z.string(),
  at: Instant,
  contentHash: Sha256,
  hideCode: z.boolean(),
  cells: count,
  size: count,
  provenance: Sha256
});
