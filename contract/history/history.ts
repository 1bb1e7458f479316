import * as z from 'zod';
import { Ulid } from '../identifiers.js';
import { bytes, defineRoute, json } from '../route.js';
import { HistoryDiff, HistoryNotebook, Timeline } from './records.js';

const NotebookParams = z.object({ historyId: Ulid });
const VersionParams = z.object({ historyId: Ulid, versionId: Ulid });

export const TimelineQuery = z
  .object({
    /** Contents path of a notebook. */
    path: z.string().min(1).max(4096).optional(),
    /** Instead of a path: a notebook whose file is gone. */
    historyId: Ulid.optional(),
    /** Only what is older than this version. */
    before: Ulid.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100)
  })
  .refine(query => (query.path === undefined) !== (query.historyId === undefined), {
    message: 'give either path or historyId',
    path: ['path']
  });
export type TimelineQuery = z.infer<typeof TimelineQuery>;

export const historyRoutes = {
  timeline: defineRoute({
    id: 'history.timeline',
    method: 'GET',
    path: '/history/timeline',
    summary: 'The versions of a notebook that were kept when it was saved, newest first.',
    query: TimelineQuery,
    response: json(Timeline),
    errors: ['not-found', 'file-not-found', 'path-refused']
  }),
  deleted: defineRoute({
    id: 'history.deleted',
    method: 'GET',
    path: '/history/deleted',
    summary: 'The notebooks whose files are gone and whose versions were kept, the latest first.',
    response: json(z.object({ enabled: z.boolean(), notebooks: z.array(HistoryNotebook) })),
    errors: []
  }),
  bringBack: defineRoute({
    id: 'history.bringBack',
    method: 'POST',
    path: '/history/notebooks/:historyId/file',
    summary: 'Writes the newest version of a deleted notebook to where it was, or beside what is there now.',
    params: NotebookParams,
    response: json(z.object({ path: z.string() }), { status: 201 }),
    errors: ['not-found', 'conflict', 'path-refused', 'storage-full', 'storage-read-only']
  }),
  diff: defineRoute({
    id: 'history.diff',
    method: 'GET',
    path: '/history/notebooks/:historyId/versions/:versionId/diff',
    summary: 'What changed in a version, cell by cell, against the one before it or another one.',
    params: VersionParams,
    query: z.object({ against: Ulid.optional() }),
    response: json(HistoryDiff),
    errors: ['not-found', 'not-a-notebook', 'notebook-version', 'notebook-too-complex', 'render-failed']
  }),
  notebook: defineRoute({
    id: 'history.notebook',
    method: 'GET',
    path: '/history/notebooks/:historyId/versions/:versionId/notebook',
    summary: 'A version as the file it was, byte by byte.',
    params: VersionParams,
    response: bytes('application/x-ipynb+json'),
    errors: ['not-found']
  }),
  cell: defineRoute({
    id: 'history.cell',
    method: 'GET',
    path: '/history/notebooks/:historyId/versions/:versionId/cells/:number',
    summary: 'One cell of a version, counted from 0, as it stood in the file.',
    params: VersionParams.extend({ number: z.coerce.number().int().min(0).max(1_000_000) }),
    response: bytes('application/json'),
    errors: ['not-found']
  })
};
