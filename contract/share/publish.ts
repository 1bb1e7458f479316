import * as z from 'zod';
import { Instant, Sha256, Ulid } from '../identifiers.js';
import { Job } from '../jobs.js';
import { bytes, defineRoute, json, stream } from '../route.js';
import { FindingDecisions, Fingerprint, ScanReport } from './findings.js';
import { Audience, Groups, Provenance, Tags, Title } from './records.js';
import { targetRoutes } from './targets.js';

/** Largest notebook that is taken, in bytes. The setting `LAKESIDE_MAX_NOTEBOOK_MB` may lower it. */
export const MAX_NOTEBOOK_BYTES = 1024 * 1024 * 1024;

/** A path below the Jupyter server's root folder, `/` between its parts, as the contents API gives it. */
export const ContentsPath = z
  .string()
  .min(1, 'must not be empty')
  .max(4096)
  .refine(path => !path.includes('\0'), 'must not hold a NUL character');
export type ContentsPath = z.infer<typeof ContentsPath>;

/** Where the notebook's bytes come from: the file itself, or an upload that the browser made. */
export const Source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file') }),
  z.object({ kind: z.literal('upload'), uploadId: Ulid })
]);
export type Source = z.infer<typeof Source>;

/**
 * How a file stands to the notebooks Lakeside knows (decision 10).
 * `new`: never seen. `known`: this path is bound. `moved`: its id was bound to a path that is gone; the binding follows.
 * `duplicate`: its id belongs to another file or owner; the person decides.
 */
export const Standing = z.enum(['new', 'known', 'moved', 'duplicate']);
export type Standing = z.infer<typeof Standing>;

/** What is published of a notebook, and whether the file still says the same. */
export const ShareState = z.object({
  path: z.string(),
  /** The id the notebook has, or would get. */
  notebookId: Ulid,
  standing: Standing,
  /** `deleted`: unshared, restorable. */
  state: z.enum(['not-shared', 'up-to-date', 'changed', 'deleted']),
  /** For a duplicate: the notebook that has the id. */
  original: z.object({ path: z.string().optional(), owner: z.string(), title: z.string().optional() }).optional(),
  published: z
    .object({
      versionId: Ulid,
      versionNumber: z.number().int(),
      title: z.string(),
      tags: z.array(z.string()),
      groups: z.array(z.string()),
      hideCode: z.boolean(),
      sharedAt: Instant,
      owner: z.string(),
      page: z.string(),
      /** Where the last share went; a share without another choice goes there again. */
      target: z.string(),
      /** Its pages in wikis of the configuration. */
      wikis: z.array(z.object({ target: z.string(), title: z.string(), url: z.string() })).default([])
    })
    .optional()
});
export type ShareState = z.infer<typeof ShareState>;

export const PublishRequest = z.strictObject({
  /** Made by the caller; the same again gives the same job. */
  opId: Ulid,
  path: ContentsPath,
  source: Source.default({ kind: 'file' }),
  target: z.string().default('library'),
  /** Where a new page goes in a wiki; without it where the target's settings say. `title`: another one than here. */
  place: z
    .strictObject({
      space: z.string().max(500).optional(),
      parent: z.string().max(500).optional(),
      title: Title.optional()
    })
    .optional(),
  /** The answer to an edit of somebody else inside the part of a wiki's page that Lakeside writes. */
  conflict: z.enum(['merge', 'overwrite', 'new']).optional(),
  /** What the one who answered saw, as the conflict named it: what was changed since is asked about anew. */
  seen: z.string().max(100).optional(),
  /** Of several pages in a wiki that carry the mark of the notebook, the id of the one to go on with. */
  wikiPage: z.string().max(500).optional(),
  /** Without one: what was chosen last time, else the notebook's first heading, else its file name. */
  title: Title.optional(),
  tags: Tags.optional(),
  groups: Groups.optional(),
  hideCode: z.boolean().optional(),
  audience: Audience.optional(),
  /** The answer to a duplicate: publish onto the page that has the id, or as a notebook of its own. */
  duplicate: z.enum(['update', 'new']).optional(),
  /** What to do with what the secret gate finds. Whatever is not named is redacted in the published copy. */
  findings: FindingDecisions.optional(),
  provenance: Provenance.default({})
});
export type PublishRequest = z.infer<typeof PublishRequest>;

/** What a share job made. */
export const ShareResult = z.object({
  notebookId: Ulid,
  versionId: Ulid,
  versionNumber: z.number().int().min(1),
  /** `unchanged`: nothing was written. `details`: only title, tags, groups or audience changed. */
  outcome: z.enum(['created', 'updated', 'details', 'unchanged']),
  title: z.string(),
  page: z.string(),
  contentHash: Sha256,
  /** Objects and bytes written to the archive by this share. */
  objectWrites: z.number().int().min(0),
  bytesWritten: z.number().int().min(0),
  /** What was cut or replaced, as sentences for the person. */
  notes: z.array(z.string()),
  /** The page in a wiki, where it was shared to one. */
  wiki: z
    .object({
      target: z.string(),
      /** What people call the wiki. */
      label: z.string(),
      title: z.string(),
      url: z.string(),
      outcome: z.enum(['created', 'updated', 'unchanged']),
      /** Attachments and texts written to the wiki by this share. */
      uploads: z.number().int().min(0),
      edits: z.number().int().min(0)
    })
    .optional(),
  /** Where the secret gate found anything: how many places it redacted, and how many secrets a person let stand. */
  secrets: z.object({ redacted: z.number().int().min(0), kept: z.number().int().min(0) }).optional()
});
export type ShareResult = z.infer<typeof ShareResult>;

/** The answer to an upload. */
export const Upload = z.object({ uploadId: Ulid, size: z.number().int(), sha256: Sha256 });
export type Upload = z.infer<typeof Upload>;

export const publishRoutes = {
  ...targetRoutes,
  state: defineRoute({
    id: 'share.state',
    method: 'GET',
    path: '/share/state',
    summary:
      'Whether a notebook is shared and current. `metadataId` is the id in the open notebook, for contents that are no files.',
    query: z.object({ path: ContentsPath, metadataId: z.string().max(200).optional() }),
    response: json(ShareState),
    errors: ['file-not-found', 'file-unreadable', 'path-refused', 'not-a-notebook', 'notebook-version']
  }),
  files: defineRoute({
    id: 'share.files',
    method: 'GET',
    path: '/share/notebooks/:notebookId/files',
    summary: 'Where a notebook of the Library lies among the files of the caller, as contents paths.',
    params: z.object({ notebookId: Ulid }),
    response: json(z.object({ paths: z.array(z.string()) })),
    errors: ['not-found']
  }),
  publish: defineRoute({
    id: 'share.publish',
    method: 'POST',
    path: '/share/publish',
    summary: 'Shares a notebook. Answers at once with the job that does it.',
    body: PublishRequest,
    response: json(Job, { status: 202, location: job => `/jobs/${job.id}` }),
    errors: [
      'file-not-found',
      'file-unreadable',
      'path-refused',
      'not-found',
      'same-id',
      'conflict',
      'storage-full',
      'storage-read-only'
    ]
  }),
  preview: defineRoute({
    id: 'share.preview',
    method: 'POST',
    path: '/share/preview',
    summary: 'The beginning of the page as it would be published: one self-contained HTML document.',
    body: z.strictObject({
      path: ContentsPath,
      source: Source.default({ kind: 'file' }),
      title: z.string().max(1000).optional(),
      hideCode: z.boolean().default(false),
      /** Findings that would stand; all others are shown redacted. */
      keep: z.array(Fingerprint).max(1000).default([])
    }),
    response: bytes('text/html; charset=utf-8'),
    errors: [
      'file-not-found',
      'file-unreadable',
      'path-refused',
      'not-found',
      'not-a-notebook',
      'notebook-version',
      'notebook-too-complex',
      'render-failed'
    ]
  }),
  scan: defineRoute({
    id: 'share.scan',
    method: 'POST',
    path: '/share/scan',
    summary: 'What looks like a secret in a notebook, each with a masked preview. Changes nothing.',
    body: z.strictObject({ path: ContentsPath, source: Source.default({ kind: 'file' }) }),
    response: json(ScanReport),
    errors: [
      'file-not-found',
      'file-unreadable',
      'path-refused',
      'not-found',
      'not-a-notebook',
      'notebook-version',
      'notebook-too-complex',
      'storage-full',
      'storage-read-only',
      'render-failed'
    ]
  }),
  upload: defineRoute({
    id: 'share.upload',
    method: 'PUT',
    path: '/share/uploads/:uploadId',
    summary: 'Brings the bytes of a notebook that is no file, or not saved yet. Kept for an hour.',
    params: z.object({ uploadId: Ulid }),
    body: stream('application/json', MAX_NOTEBOOK_BYTES),
    response: json(Upload, { status: 201 }),
    errors: ['storage-full', 'storage-read-only']
  })
};
