import { createContext, useContext } from 'react';
import type { Run } from '../../../contract/schedule/records.js';
import type { ScheduleSummary } from '../../../contract/schedule/routes.js';

/** What the rows of the list can do. */
export interface IPanelActions {
  openRun: (run: Pick<Run, 'id'>) => void;
  setOpen: (scheduleId: string, isOpen: boolean) => void;
  more: (scheduleId: string) => void;
  runNow: (summary: ScheduleSummary) => void;
  pause: (summary: ScheduleSummary) => void;
  resume: (summary: ScheduleSummary) => void;
  cancel: (run: Run) => void;
  restore: (summary: ScheduleSummary) => void;
  setDeletedOpen: (isOpen: boolean) => void;
  /** Shows everything else that can be done to a schedule, below a button. */
  menu: (summary: ScheduleSummary, button: HTMLElement) => void;
  /** Makes a schedule. */
  create: () => void;
}

const Actions = createContext<IPanelActions | undefined>(undefined);

/** Gives the rows what they can do. */
export const ActionsProvider = Actions.Provider;

/** What the rows can do. */
export function useActions(): IPanelActions {
  const actions = useContext(Actions);
  if (actions === undefined) throw new Error('There are no actions around this row.');
  return actions;
}
