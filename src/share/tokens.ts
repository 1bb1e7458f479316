import { Token } from '@lumino/coreutils';
import type { ShareCenter } from './center.js';

/** The way to sharing for the plugins of this feature; loads it when it is first needed. */
export interface IShares {
  /** Loads sharing. */
  load(): Promise<ShareCenter>;
  /** Resolves as soon as somebody loaded it, and does not load it by itself. */
  readonly loaded: Promise<ShareCenter>;
}

/** The token of the way to sharing. */
export const IShares = new Token<IShares>(
  'jupyterlab-lakeside:IShares',
  'Sharing of notebooks: their states, the shares under way, the dialog.'
);
