import * as z from 'zod';
import { Instant, label, Sha256, Ulid } from '../identifiers.js';

export const Title = label(200);
export const Tag = label(64);
/** A named collection of notebooks. */
export const Group = label(100);

const unique = <T>(values: T[]): T[] => [...new Set(values)];
export const Tags = z.array(Tag).max(50, 'must have at most 50 entries').transform(unique);
export const Groups = z.array(Group).max(50, 'must have at most 50 entries').transform(unique);

/** Who may read a shared notebook. Named people and groups come with the hub. */
export const Audience = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('everyone') }),
  z.object({ kind: z.literal('owner') })
]);
export type Audience = z.infer<typeof Audience>;

/** One installed package of the live kernel. */
export const Package = z.object({ name: z.string().max(200), version: z.string().max(100) });
export type Package = z.infer<typeof Package>;

/** What a notebook ran on when it was shared. */
export const Provenance = z.object({
  kernel: z
    .object({
      name: z.string().max(200),
      displayName: z.string().max(200).optional(),
      language: z.string().max(100).optional(),
      languageVersion: z.string().max(100).optional()
    })
    .optional(),
  packages: z.array(Package).max(5000).optional(),
  /** The run of a schedule that made its outputs: the schedule's name, and when it began. */
  run: z.object({ id: Ulid, schedule: z.string().max(200), at: Instant }).optional()
});
export type Provenance = z.infer<typeof Provenance>;

/** One immutable version of a notebook in the Library. */
export const Version = z.object({
  versionId: Ulid,
  /** Counts from 1 in the order of the version ids. */
  number: z.number().int().min(1),
  parent: Ulid.optional(),
  author: z.string(),
  createdAt: Instant,
  /** SHA-256 over cells and metadata without `metadata.lakeside`. */
  contentHash: Sha256,
  hideCode: z.boolean(),
  cells: z.number().int().min(0),
  /** Bytes of the notebook file as it was shared. */
  size: z.number().int().min(0),
  provenance: Provenance,
  /** True where another version has the same parent: two people shared at once, and nothing was lost. */
  fork: z.boolean()
});
export type Version = z.infer<typeof Version>;

/** A notebook in the Library, as lists show it. */
export const LibraryItem = z.object({
  notebookId: Ulid,
  title: z.string(),
  owner: z.string(),
  audience: Audience,
  tags: z.array(z.string()),
  groups: z.array(z.string()),
  language: z.string().optional(),
  /** Tables the notebook reads, as they stand in its SQL and table calls. */
  tables: z.array(z.string()),
  /** Newest version. */
  versionId: Ulid,
  versions: z.number().int().min(1),
  createdAt: Instant,
  updatedAt: Instant,
  deletedAt: Instant.optional(),
  /** When a deleted notebook goes for good: 30 days after its deletion. */
  purgeAt: Instant.optional(),
  /** Path of its page, relative to Lakeside's base: `library/notebooks/<id>`. */
  page: z.string(),
  /** Where the query was found, with the hits between U+E000 and U+E001; only in search results. */
  snippet: z.string().optional()
});
export type LibraryItem = z.infer<typeof LibraryItem>;

/** A notebook with all its versions, newest first. */
export const LibraryNotebook = LibraryItem.extend({
  versionList: z.array(Version),
  /** Interactive figures of the newest version that can be shown live, by their order in the document. */
  imports: z.array(z.string())
});
export type LibraryNotebook = z.infer<typeof LibraryNotebook>;
