import { Token } from '@lumino/coreutils';
import type { CredentialsWatch } from './watch/watch.js';

/** The way to what is known of sign-ins in this tab, for the plugins of this feature. */
export interface ICredentials {
  /** Loads it, and begins to follow the news where a profile is configured. */
  load(): Promise<CredentialsWatch>;
}

/** The token of the way to sign-ins. */
export const ICredentials = new Token<ICredentials>(
  'jupyterlab-lakeside:ICredentials',
  'The profiles of the person, and how they stand with them.'
);
