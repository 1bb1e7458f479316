import type { KeyboardEvent } from 'react';
import type { DetailsModel } from '../detailsModel.js';
import type { IPanelActions } from './context.js';
import type { Retry, TreeRow } from './rows.js';
import type { TreeModel } from './treeModel.js';

/** What happens at rows. */
export interface IRowDoes {
  readonly toggle: (row: TreeRow, isOpen: boolean) => void;
  readonly retry: (retry: Retry) => void;
  readonly key: (row: TreeRow, event: KeyboardEvent) => boolean;
  readonly click: (row: TreeRow, inserts: boolean) => void;
  readonly insert: (row: TreeRow) => void;
  readonly menu: (row: TreeRow, item: HTMLElement, at?: { x: number; y: number }) => void;
  readonly hover: (row: TreeRow) => void;
  readonly dragText: (row: TreeRow) => string | undefined;
  readonly look: (rows: readonly TreeRow[]) => void;
}

/** What rows do when they are opened, clicked, dragged, or a key is pressed on them. */
export function rowDoes(options: {
  tree: TreeModel;
  details: DetailsModel;
  actions: IPanelActions;
  toSearch: () => void;
}): IRowDoes {
  const { tree, details, actions, toSearch } = options;

  const toggle = (row: TreeRow, isOpen: boolean) => {
    if ((row.kind === 'table' || row.kind === 'hit') && isOpen) details.want(row.ref);
    if (row.kind === 'table' && row.page) tree.setTableOpen(row.page, row.ref.table, row.position - 1, isOpen);
    else tree.setOpen(row.key, isOpen);
  };
  const retry = (what: Retry) => {
    if (what.what === 'schemas') void tree.retrySchemas(what.source);
    else if (what.what === 'list') void tree.retryList(what.source, what.schema);
    else if (what.what === 'page') void tree.retryPage(what.page);
    else if (what.what === 'index') void tree.rebuild(what.source);
    // A failure is shown where it was.
    else void details.read(what.ref).catch(() => undefined);
  };
  const insert = (row: TreeRow): boolean => {
    if (row.kind === 'table' || row.kind === 'hit') void actions.insert(row.ref);
    else if (row.kind === 'column') actions.insertWord(row.column.name);
    else return false;
    return true;
  };
  const does: IRowDoes = {
    toggle,
    retry,
    insert: row => void insert(row),
    key: (row, event) => {
      const isTable = row.kind === 'table' || row.kind === 'hit';
      const { key } = event;
      if (key === 'Enter' && !event.altKey && !event.shiftKey) {
        if (insert(row)) return true;
        if (row.kind === 'problem') retry(row.retry);
        else if (row.isOpen !== undefined) toggle(row, !row.isOpen);
      } else if (key === ' ' && isTable) actions.open(row.ref, 'preview');
      else if (key === ' ' && row.isOpen !== undefined) toggle(row, !row.isOpen);
      else if (key === 'Escape') toSearch();
      else if (key === 'ContextMenu' || (key === 'F10' && event.shiftKey)) does.menu(row, event.target as HTMLElement);
      else return false;
      event.stopPropagation();
      return true;
    },
    click: (row, inserts) => {
      const isTable = row.kind === 'table' || row.kind === 'hit';
      // A second click writes the code: it must not close what the first one opened.
      if ((isTable || row.kind === 'column') && row.isOpen === false) toggle(row, true);
      else if (!isTable && row.kind !== 'column' && row.isOpen !== undefined) toggle(row, !row.isOpen);
      if (isTable && inserts) insert(row);
    },
    menu: (row, item, at) => {
      if (row.kind === 'table' || row.kind === 'hit') actions.menu(row.ref, item, at);
    },
    hover: row => {
      if (row.kind === 'table' || row.kind === 'hit') details.want(row.ref);
    },
    dragText: row => {
      if (row.kind === 'column') return row.column.name;
      return row.kind === 'table' || row.kind === 'hit' ? actions.codeOf(row.ref) : undefined;
    },
    look: rows => {
      const pages = new Map(
        rows.flatMap(row => ('page' in row && row.page ? [[JSON.stringify(row.page), row.page] as const] : []))
      );
      tree.look([...pages.values()]);
    }
  };
  return does;
}
