/** The commands of Lakeside. Features call each other through them. */
export const CommandIDs = {
  /** Shares a notebook: asks the first time, publishes at once later. Arguments: `path?`. */
  share: 'lakeside:share-notebook',
  /** Opens the share dialog whatever was chosen before. Arguments: `path?`. */
  configure: 'lakeside:configure-share',
  /** Shares the notebooks selected in the file browser without opening them. */
  shareFile: 'lakeside:share-file',
  /** Copies the address of the page. Arguments: `path?`. */
  copyLink: 'lakeside:copy-link',
  /** Opens the page in a browser tab. Arguments: `path?`. */
  openPage: 'lakeside:open-page',
  /** Opens the page at its versions. Arguments: `path?`. */
  openHistory: 'lakeside:open-history',
  /** Shows what was kept of a notebook each time it was saved. Arguments: `path?`, `historyId?`, `from?: 'browser'`. */
  notebookHistory: 'lakeside:notebook-history',
  /** Lists the notebooks that were deleted and can be brought back. */
  deletedNotebooks: 'lakeside:deleted-notebooks',
  /** Saves what is published as a file. Arguments: `path?`, `format?: 'page' | 'notebook'`. */
  download: 'lakeside:download-page',
  /** Takes the page out of the Library; can be undone for 30 days. Arguments: `path?`. */
  unshare: 'lakeside:unshare-notebook',
  /** Shows the Library panel. Arguments: `query?`, `notebookId?`. */
  openLibrary: 'lakeside:open-library',
  /** Opens a page of the Library: in a tab of JupyterLab, elsewhere in a tab of the browser. Arguments: `page?`. */
  openLibraryPage: 'lakeside:open-library-page',
  /** Shows the schedules: in the side bar, or in a tab. Arguments: `area?: 'main'`, `scheduleId?`. */
  schedules: 'lakeside:schedules',
  /** Shows a run: how it stands, its outputs, what changed. Arguments: `runId`. */
  scheduleRun: 'lakeside:schedule-run',
  /** Asks what to run when, for a notebook. Arguments: `path?`. */
  scheduleCreate: 'lakeside:schedule-create',
  /** Changes a schedule, or makes one like it. Arguments: `scheduleId`, `clone?`. */
  scheduleEdit: 'lakeside:schedule-edit',
  /** Shows the panel of tables, with the focus in its search. Arguments: `query?`. */
  tables: 'lakeside:tables',
  /** Opens the page of a table. Arguments: `source`, `schema?`, `table`, `part?`. */
  openTable: 'lakeside:open-table',
  /** Shows the panel of sign-ins and keys. Arguments: `roles?`, a profile whose roles are unfolded; `doctor?`. */
  credentials: 'lakeside:credentials',
  /** Signs in to a profile; without arguments to the one in use. Arguments: `profile?`. */
  signIn: 'lakeside:sign-in'
} as const;
