import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Dialect, Snippet } from '../../contract/tables/records.js';
import { asProblem, problemDetails } from '../api/problems.js';
import { copyText } from '../ui/clipboard.js';
import type { DetailsModel } from './detailsModel.js';
import { snippetOf, statementOf } from './insert/fit.js';
import type { InsertTarget } from './insert/targets.js';
import { write, writeWord } from './insert/write.js';
import type { MemoryModel } from './memoryModel.js';
import type { ITableRef } from './refs.js';

/** The parts of the page of a table. */
export type TablePart = 'columns' | 'preview' | 'profile' | 'partitions' | 'snapshots' | 'code';

/** What can be done with tables. */
export interface ITableActions {
  /** Writes code that reads the table at the cursor; in the dialect chosen last where none is given. */
  insert(ref: ITableRef, dialect?: Dialect): Promise<void>;
  /** Writes the name of a column at the cursor. */
  insertWord(word: string): void;
  /** The code that would be inserted, where it is known already. */
  codeOf(ref: ITableRef): string | undefined;
  /** Opens the page of a table. */
  open(ref: ITableRef, part?: TablePart): void;
  copyName(ref: ITableRef): void;
  copyLink(ref: ITableRef): void;
  toggleFavourite(ref: ITableRef): void;
}

/** What the actions need. */
export interface IActionsOptions {
  details: DetailsModel;
  memory: MemoryModel;
  trans: TranslationBundle;
  /** Where the cursor is now. */
  target: () => InsertTarget | undefined;
  /** Opens the page of a table. */
  open: (ref: ITableRef, part?: TablePart) => void;
  /** The address that opens a table. */
  address: (ref: ITableRef) => string;
}

const SHORT_MS = 4_000;

/** What can be done with tables, in JupyterLab. */
export function createActions(options: IActionsOptions): ITableActions {
  const { details, memory, trans, target } = options;

  const nowhere = (code: string) =>
    void Notification.info(
      trans.__('There is no cursor to write at. Open a notebook, a console or a file, and insert again.'),
      { autoClose: 10_000, actions: [{ label: trans.__('Copy the code'), callback: () => void copyText(code) }] }
    );
  const failed = (message: string, error: unknown) => {
    const problem = asProblem(error);
    Notification.error(`${message} ${problem.message}`, {
      autoClose: false,
      actions: [{ label: trans.__('Copy details'), callback: () => void copyText(problemDetails(problem)) }]
    });
  };
  const copied = async (text: string, message: string) => {
    if (await copyText(text)) Notification.success(message, { autoClose: SHORT_MS });
    else Notification.error(trans.__('The browser did not allow to copy. Click into the page and try again.'));
  };
  const codeFor = (snippets: readonly Snippet[], to: InsertTarget | undefined, dialect: Dialect) =>
    (to?.kind === 'file' && to.isSql ? statementOf(snippets) : undefined) ?? snippetOf(snippets, dialect)?.code;

  return {
    insert: async (ref, dialect) => {
      // Where the cursor is when the person asks, not when the answer comes.
      const to = target();
      if (dialect) memory.choose(dialect);
      try {
        const { snippets } = await details.get(ref);
        const code = codeFor(snippets, to, dialect ?? memory.state.dialect);
        if (code === undefined) {
          Notification.info(trans.__('There is no code for "%1": its source has no way to read it.', ref.table));
        } else if (to) {
          write(to, code);
          memory.use(ref);
        } else nowhere(code);
      } catch (error) {
        failed(trans.__('Nothing was inserted for "%1".', ref.table), error);
      }
    },
    insertWord: word => {
      const to = target();
      if (to) writeWord(to, word);
      else nowhere(word);
    },
    codeOf: ref => {
      const snippets = details.of(ref)?.detail?.snippets;
      return snippets && codeFor(snippets, target(), memory.state.dialect);
    },
    open: (ref, part) => {
      memory.use(ref);
      options.open(ref, part);
    },
    copyName: ref => void copied(ref.table, trans.__('The name is copied.')),
    copyLink: ref => void copied(options.address(ref), trans.__('The link is copied.')),
    toggleFavourite: ref => memory.toggleFavourite(ref)
  };
}
