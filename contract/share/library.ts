import * as z from 'zod';
import { Instant, Ulid } from '../identifiers.js';
import { bytes, defineRoute, json } from '../route.js';
import { NotebookDiff } from './diff.js';
import { Audience, Groups, LibraryItem, LibraryNotebook, Tags, Title } from './records.js';

const NotebookParams = z.object({ notebookId: Ulid });
const VersionParams = z.object({ notebookId: Ulid, versionId: z.union([Ulid, z.literal('latest')]) });

export const LibraryQuery = z.object({
  /** Words to search in title, tags, groups, prose, imports and tables read. Empty lists everything. */
  q: z.string().max(500).default(''),
  tag: z.string().max(64).optional(),
  group: z.string().max(100).optional(),
  owner: z.string().max(200).optional(),
  table: z.string().max(300).optional(),
  /** Lists deleted notebooks instead. */
  deleted: z.stringbool().default(false),
  sort: z.enum(['relevance', 'updated', 'title']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Where the last page ended; as given in `next`. */
  cursor: z.string().max(500).optional()
});
export type LibraryQuery = z.infer<typeof LibraryQuery>;

export const LibraryPage = z.object({
  items: z.array(LibraryItem),
  /** All that match; capped at 10,000, then `more` is true. */
  total: z.number().int(),
  more: z.boolean(),
  next: z.string().optional(),
  /** When the index was last brought up to date. */
  asOf: Instant
});
export type LibraryPage = z.infer<typeof LibraryPage>;

const Count = z.object({ name: z.string(), count: z.number().int() });

export const Facets = z.object({
  tags: z.array(Count),
  groups: z.array(Count),
  owners: z.array(Count),
  tables: z.array(Count)
});
export type Facets = z.infer<typeof Facets>;

export const DetailsChange = z
  .strictObject({
    title: Title.optional(),
    tags: Tags.optional(),
    groups: Groups.optional(),
    audience: Audience.optional()
  })
  .refine(change => Object.keys(change).length > 0, 'must change something');
export type DetailsChange = z.infer<typeof DetailsChange>;

/** An interactive figure of a version, which the page can show live in a frame of its own. */
export const Figure = z.object({
  /** Counts from 1 in the order of the document. */
  number: z.number().int().min(1),
  kind: z.enum(['plotly', 'vega', 'bokeh', 'html']),
  cell: z.number().int().min(0),
  /** False where the library it needs is not on this machine; `reason` says which and how to get it. */
  live: z.boolean(),
  reason: z.string().optional()
});
export type Figure = z.infer<typeof Figure>;

export const libraryRoutes = {
  list: defineRoute({
    id: 'library.list',
    method: 'GET',
    path: '/library/notebooks',
    summary: 'Lists or searches the notebooks the caller may read.',
    query: LibraryQuery,
    response: json(LibraryPage),
    errors: []
  }),
  facets: defineRoute({
    id: 'library.facets',
    method: 'GET',
    path: '/library/facets',
    summary: 'Tags, groups, owners and tables with the number of notebooks of each, most used first.',
    response: json(Facets),
    errors: []
  }),
  get: defineRoute({
    id: 'library.get',
    method: 'GET',
    path: '/library/notebooks/:notebookId',
    summary: 'One notebook with its versions, newest first. Deleted ones too, until they are purged.',
    params: NotebookParams,
    response: json(LibraryNotebook),
    errors: ['not-found']
  }),
  change: defineRoute({
    id: 'library.change',
    method: 'PATCH',
    path: '/library/notebooks/:notebookId',
    summary: 'Changes title, tags, groups or audience; makes no version.',
    params: NotebookParams,
    body: DetailsChange,
    response: json(LibraryNotebook),
    errors: ['not-found', 'storage-full', 'storage-read-only']
  }),
  delete: defineRoute({
    id: 'library.delete',
    method: 'DELETE',
    path: '/library/notebooks/:notebookId',
    summary: 'Takes a notebook out of the Library. Restorable for 30 days.',
    params: NotebookParams,
    response: json(LibraryNotebook),
    errors: ['not-found', 'storage-full', 'storage-read-only']
  }),
  restore: defineRoute({
    id: 'library.restore',
    method: 'POST',
    path: '/library/notebooks/:notebookId/restore',
    summary: 'Brings a deleted notebook back.',
    params: NotebookParams,
    response: json(LibraryNotebook),
    errors: ['not-found', 'storage-full', 'storage-read-only']
  }),
  document: defineRoute({
    id: 'library.document',
    method: 'GET',
    path: '/library/notebooks/:notebookId/versions/:versionId/document',
    summary: 'A version as one self-contained HTML document.',
    params: VersionParams,
    query: z.object({ hideCode: z.stringbool().optional() }),
    response: bytes('text/html; charset=utf-8'),
    errors: ['not-found', 'notebook-too-complex', 'render-failed']
  }),
  notebook: defineRoute({
    id: 'library.notebook',
    method: 'GET',
    path: '/library/notebooks/:notebookId/versions/:versionId/notebook',
    summary: 'A version as a notebook file; with `fork=true` without its id, so that it becomes a notebook of its own.',
    params: VersionParams,
    query: z.object({ fork: z.stringbool().default(false) }),
    response: bytes('application/x-ipynb+json'),
    errors: ['not-found']
  }),
  figures: defineRoute({
    id: 'library.figures',
    method: 'GET',
    path: '/library/notebooks/:notebookId/versions/:versionId/figures',
    summary: 'The interactive figures of a version.',
    params: VersionParams,
    response: json(z.object({ figures: z.array(Figure) })),
    errors: ['not-found', 'render-failed']
  }),
  figure: defineRoute({
    id: 'library.figure',
    method: 'GET',
    path: '/library/notebooks/:notebookId/versions/:versionId/figures/:number',
    summary: 'One interactive figure, live, as a document that may run its own scripts and reach nothing.',
    params: VersionParams.extend({ number: z.coerce.number().int().min(1) }),
    response: bytes('text/html; charset=utf-8'),
    errors: ['not-found', 'render-failed']
  }),
  diff: defineRoute({
    id: 'library.diff',
    method: 'GET',
    path: '/library/notebooks/:notebookId/diff',
    summary:
      'The cell-level difference of two versions. Without `to`: the newest; without `from`: the one before `to`.',
    params: NotebookParams,
    query: z.object({ from: Ulid.optional(), to: Ulid.optional() }),
    response: json(NotebookDiff),
    errors: ['not-found', 'render-failed']
  }),
  diffDocument: defineRoute({
    id: 'library.diffDocument',
    method: 'GET',
    path: '/library/notebooks/:notebookId/diff/document',
    summary: 'The same difference as one self-contained HTML document, pictures side by side.',
    params: NotebookParams,
    query: z.object({ from: Ulid.optional(), to: Ulid.optional() }),
    response: bytes('text/html; charset=utf-8'),
    errors: ['not-found', 'render-failed']
  })
};
