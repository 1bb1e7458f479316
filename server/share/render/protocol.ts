/** What the sidecar and its renderer child say to each other, as JSON over Node's IPC channel. */
import type { Problem } from '../../../contract/problem.js';
import type { Renderer } from '../ports.js';

/** The operations of the port that travel. */
export type Operation = Exclude<keyof Renderer, 'close'>;

/** A call: the arguments of the port's method but the last, and where results go. */
export interface Request {
  type: 'call';
  id: number;
  operation: Operation;
  arguments: unknown[];
  workDirectory: string;
}

export interface Cancel {
  type: 'cancel';
  id: number;
}

export type ToChild = Request | Cancel;

export type FromChild =
  | { type: 'progress'; id: number; done: number; total: number }
  | { type: 'result'; id: number; value: unknown }
  | { type: 'problem'; id: number; problem: Problem }
  /** A fault of ours; `stack` is for the log only. */
  | { type: 'fault'; id: number; stack: string };

/** What a child is told on its command line, as JSON. */
export interface ChildSettings {
  maxNotebookBytes: number;
  pythonPackages: string | undefined;
}
