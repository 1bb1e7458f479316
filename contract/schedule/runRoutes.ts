import * as z from 'zod';
import { CellChange } from '../cells.js';
import { Ulid } from '../identifiers.js';
import { bytes, defineRoute, events, json } from '../route.js';
import { RunEvent } from './news.js';
import { Run, RunState } from './records.js';

const RunParams = z.object({ runId: Ulid });

/** How the output of a run differs from another one's, cell by cell. Unchanged cells are counted, not listed. */
export const RunDiff = z.object({
  run: Run,
  /** What it is compared with; absent where no good run came before it, and then nothing is compared. */
  against: Run.optional(),
  added: z.number().int(),
  removed: z.number().int(),
  changed: z.number().int(),
  moved: z.number().int(),
  unchanged: z.number().int(),
  cells: z.array(CellChange)
});
export type RunDiff = z.infer<typeof RunDiff>;

export const runRoutes = {
  list: defineRoute({
    id: 'runs.list',
    method: 'GET',
    path: '/runs',
    summary: 'Runs of the caller, the newest first, page by page.',
    query: z.object({
      schedule: Ulid.optional(),
      state: RunState.optional(),
      after: Ulid.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50)
    }),
    response: json(z.object({ runs: z.array(Run), next: Ulid.optional() })),
    errors: []
  }),
  get: defineRoute({
    id: 'runs.get',
    method: 'GET',
    path: '/runs/:runId',
    summary: 'One run.',
    params: RunParams,
    response: json(Run),
    errors: ['not-found']
  }),
  cancel: defineRoute({
    id: 'runs.cancel',
    method: 'POST',
    path: '/runs/:runId/cancel',
    summary: 'Ends a run that has not ended: its kernel and all that its cells started. One that has stays as it is.',
    params: RunParams,
    response: json(Run),
    errors: ['not-found']
  }),
  again: defineRoute({
    id: 'runs.again',
    method: 'POST',
    path: '/runs/:runId/again',
    summary:
      'Runs it once more with the same values and times; with `resume` from the cell that failed, where its kernel was kept.',
    params: RunParams,
    body: z.strictObject({ opId: Ulid, resume: z.boolean().default(false) }),
    response: json(Run, { status: 201, location: ({ id }) => `/runs/${id}` }),
    errors: ['not-found', 'gone', 'conflict']
  }),
  events: defineRoute({
    id: 'runs.events',
    method: 'GET',
    path: '/runs/:runId/events',
    summary: 'What happens in the newest attempt of a run, from its beginning or after `Last-Event-ID`, until it ends.',
    params: RunParams,
    query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
    response: events(RunEvent),
    errors: ['not-found']
  }),
  page: defineRoute({
    id: 'runs.page',
    method: 'GET',
    path: '/runs/:runId/page',
    summary: 'The output of the newest attempt as one HTML document.',
    params: RunParams,
    query: z.object({ hideCode: z.stringbool().default(false) }),
    response: bytes('text/html'),
    errors: ['not-found', 'gone', 'notebook-too-complex', 'render-failed']
  }),
  notebook: defineRoute({
    id: 'runs.notebook',
    method: 'GET',
    path: '/runs/:runId/notebook',
    summary: 'The output notebook of the newest attempt, byte by byte.',
    params: RunParams,
    response: bytes('application/x-ipynb+json'),
    errors: ['not-found', 'gone']
  }),
  diff: defineRoute({
    id: 'runs.diff',
    method: 'GET',
    path: '/runs/:runId/diff',
    summary: 'What changed in the output, cell by cell, against the last good run before it, or another run.',
    params: RunParams,
    query: z.object({ against: Ulid.optional() }),
    response: json(RunDiff),
    errors: ['not-found', 'gone', 'notebook-too-complex', 'render-failed']
  }),
  cell: defineRoute({
    id: 'runs.cell',
    method: 'GET',
    path: '/runs/:runId/cells/:number',
    summary: 'One cell of the output of the newest attempt, counted from 0, as it stands in the file.',
    params: RunParams.extend({ number: z.coerce.number().int().min(0).max(1_000_000) }),
    response: bytes('application/json'),
    errors: ['not-found', 'gone']
  })
};
