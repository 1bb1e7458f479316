import type { TableIndex } from './ports.js';

/** What the sidecar and the process of the index say to each other. Types only. */

/** What the process is given when it starts. */
export interface IndexSettings {
  /** `<home>/tables` */
  directory: string;
}

/** Methods of the index that answer. */
export type Asked = Exclude<keyof TableIndex, 'stage' | 'drop' | 'close'>;
/** Those that do not. */
export type Told = 'stage' | 'drop';

export type ToIndex =
  { id: number; method: Asked; arguments: unknown[] } | { id: undefined; method: Told; arguments: unknown[] };

export type FromIndex =
  | { type: 'result'; id: number; value: unknown }
  | { type: 'fault'; id: number; stack: string }
  | { type: 'warning'; stack: string; file: string; message: string };
