import { createContext, useContext } from 'react';
import type { ITableActions } from '../actions.js';
import type { ITableRef } from '../refs.js';

/** What the rows of the panel can do. */
export interface IPanelActions extends ITableActions {
  /** Shows the ways of writing code that reads a table, below a button. */
  dialects(ref: ITableRef, button: HTMLElement): Promise<void>;
  /** Shows all that can be done with a table, at its row or where the pointer is. */
  menu(ref: ITableRef, item: HTMLElement, at?: { x: number; y: number }): void;
}

const Actions = createContext<IPanelActions | undefined>(undefined);

/** Gives the rows what they can do. */
export const PanelActionsProvider = Actions.Provider;

/** What the rows can do. */
export function usePanelActions(): IPanelActions {
  const actions = useContext(Actions);
  if (actions === undefined) throw new Error('There are no actions around this row.');
  return actions;
}
