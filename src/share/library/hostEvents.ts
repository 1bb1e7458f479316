import type { IForkSource } from './actions.js';

/** A page asks JupyterLab around it to copy a version: `CustomEvent<IForkRequest>` on the frame. */
export const FORK_EVENT = 'lakeside-fork';

/** A page says what it shows: `CustomEvent<string>` on the frame. */
export const TITLE_EVENT = 'lakeside-title';

/** Attribute of the frame that says which theme surrounds it: `light` or `dark`. */
export const THEME_ATTRIBUTE = 'data-lakeside-theme';

/** What a page asks JupyterLab for. */
export interface IForkRequest {
  source: IForkSource;
  /** Where the copy will be. Without a call of this nobody listens. */
  take: (path: Promise<string>) => void;
}
