import type { ProblemError } from '../../../contract/problem.js';
import type { Run } from '../../../contract/schedule/records.js';
import type { ScheduleSummary } from '../../../contract/schedule/routes.js';
import type { ISchedulesState } from './schedulesModel.js';

/** One line of the list. */
export type PanelRow = { readonly key: string } & (
  | { readonly kind: 'schedule'; readonly summary: ScheduleSummary; readonly isOpen: boolean }
  | { readonly kind: 'run'; readonly summary: ScheduleSummary; readonly run: Run }
  | { readonly kind: 'none'; readonly summary: ScheduleSummary }
  | {
      readonly kind: 'more';
      readonly summary: ScheduleSummary;
      readonly isLoading: boolean;
      readonly error?: ProblemError;
    }
  | { readonly kind: 'deleted-head'; readonly isOpen: boolean; readonly isLoading: boolean }
  | { readonly kind: 'deleted-note'; readonly error?: ProblemError }
  | { readonly kind: 'deleted'; readonly summary: ScheduleSummary }
);

/** The schedules that have all words of the filter in their name, notebook, tags, place or description. */
export function filtered(schedules: readonly ScheduleSummary[], filter: string): readonly ScheduleSummary[] {
  const words = filter.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return schedules;
  return schedules.filter(({ schedule: { spec, owner, state } }) => {
    const text = [spec.name, spec.notebook.path, spec.description, spec.where, owner, state, ...spec.tags]
      .join('\n')
      .toLowerCase();
    return words.every(word => text.includes(word));
  });
}

/** The list as lines from top to bottom: schedules, below those that are open their runs, at the end what was deleted. */
export function rowsOf(state: ISchedulesState): PanelRow[] {
  const rows = filtered(state.schedules, state.filter).flatMap(summary => scheduleRows(summary, state));
  const { phase, schedules, error } = state.deleted;
  rows.push({ key: 'deleted', kind: 'deleted-head', isOpen: phase !== 'closed', isLoading: phase === 'loading' });
  const deleted = filtered(schedules, state.filter);
  if (phase === 'failed') rows.push({ key: 'deleted-note', kind: 'deleted-note', ...(error && { error }) });
  else if (phase === 'ready' && deleted.length === 0) rows.push({ key: 'deleted-note', kind: 'deleted-note' });
  return [...rows, ...deleted.map(summary => ({ key: summary.schedule.id, kind: 'deleted' as const, summary }))];
}

/** The runs of a schedule that are loaded, newest first, and whether there may be older ones. */
export function runsOf(summary: ScheduleSummary, state: ISchedulesState): { runs: readonly Run[]; more: boolean } {
  const history = state.histories.get(summary.schedule.id);
  if (history === undefined) return { runs: [], more: true };
  return { runs: history.runs, more: history.next !== undefined || history.phase !== 'ready' };
}

function scheduleRows(summary: ScheduleSummary, state: ISchedulesState): PanelRow[] {
  const { id } = summary.schedule;
  const isOpen = state.open.has(id);
  const head: PanelRow = { key: id, kind: 'schedule', summary, isOpen };
  if (!isOpen) return [head];
  const { runs, more } = runsOf(summary, state);
  const history = state.histories.get(id);
  return [
    head,
    ...runs.map(run => ({ key: run.id, kind: 'run' as const, summary, run })),
    ...(runs.length === 0 && !more ? [{ key: `${id}-none`, kind: 'none' as const, summary }] : []),
    ...(more
      ? [
          {
            key: `${id}-more`,
            kind: 'more' as const,
            summary,
            isLoading: history?.phase === 'loading',
            ...(history?.error && { error: history.error })
          }
        ]
      : [])
  ];
}
