import type { TableIndex } from './ports.js';

/** What the sidecar and the thread of the index say to each other. Types only. */

/** What the thread is given when it starts. */
export interface WorkerSettings {
  /** `<home>/tables` */
  directory: string;
}

/** Methods of the index that answer. */
export type Asked = Exclude<keyof TableIndex, 'stage' | 'drop' | 'close'>;
/** Those that do not. */
export type Told = 'stage' | 'drop';

export type ToWorker =
  { id: number; method: Asked; arguments: unknown[] } | { id: undefined; method: Told; arguments: unknown[] };

export type FromWorker =
  | { type: 'result'; id: number; value: unknown }
  | { type: 'fault'; id: number; stack: string }
  | { type: 'warning'; stack: string; file: string; message: string };
