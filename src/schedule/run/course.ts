import type { RunEvent } from '../../../contract/schedule/news.js';

/** An output of a cell as a notebook holds it, or `clear`. */
export type IOutput = Extract<RunEvent, { type: 'output' }>['output'];

/** A cell of code that has begun. */
export interface ICell {
  /** Its place among all cells of the output notebook, from 0. */
  readonly index: number;
  /** Its place among the cells of code, from 1. */
  readonly number: number;
  readonly state: 'running' | 'done' | 'failed';
  readonly seconds?: number;
  /** The first lines of its source. */
  readonly source?: string;
}

/** A line of the log. */
export interface ILogLine {
  readonly level: string;
  readonly text: string;
  readonly at: string;
}

/** What an attempt told so far. */
export interface ICourse {
  readonly attempt?: number;
  /** How many cells of code there are; 0 before that is known. */
  readonly of: number;
  /** Those that have begun, in their order. */
  readonly cells: readonly ICell[];
  /** The indexes of cells that have outputs. */
  readonly withOutput: ReadonlySet<number>;
  /** The indexes of cells of whose outputs some were too large to be told; the file has them. */
  readonly leftOut: ReadonlySet<number>;
  readonly log: readonly ILogLine[];
  /** Bytes now, and the most so far. */
  readonly memory?: { readonly resident: number; readonly peak: number };
  /** What was taken over from a former run, in words. */
  readonly resumed?: string;
  /** The values it runs with. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Nothing told yet. */
export const emptyCourse: ICourse = { of: 0, cells: [], withOutput: new Set(), leftOut: new Set(), log: [] };

/** Older lines of a log are left out; the whole is in the output folder. */
const LONGEST_LOG = 2_000;

/** A course after one more event. Outputs and the run itself are kept elsewhere. */
export function withEvent(course: ICourse, event: RunEvent): ICourse {
  switch (event.type) {
    case 'started':
      return {
        ...course,
        attempt: event.attempt,
        of: event.cells,
        ...(event.resumed !== undefined && { resumed: event.resumed }),
        ...(event.parameters !== undefined && { parameters: event.parameters })
      };
    case 'cell':
      return { ...course, of: event.of, cells: withCell(course.cells, event) };
    case 'memory':
      return { ...course, memory: { resident: event.resident, peak: event.peak } };
    case 'log': {
      const { level, text, at } = event;
      return { ...course, log: [...course.log, { level, text, at }].slice(-LONGEST_LOG) };
    }
    default:
      return course;
  }
}

function withCell(cells: readonly ICell[], event: Extract<RunEvent, { type: 'cell' }>): readonly ICell[] {
  const known = cells.find(cell => cell.index === event.index);
  const source = event.source ?? known?.source;
  const cell: ICell = {
    index: event.index,
    number: event.cell,
    state: event.state,
    ...(event.seconds !== undefined && { seconds: event.seconds }),
    ...(source !== undefined && { source })
  };
  return known ? cells.map(each => (each === known ? cell : each)) : [...cells, cell];
}

/** A course after one more output. */
export function withOutput(course: ICourse, index: number, output: IOutput): ICourse {
  const isNew = !course.withOutput.has(index);
  const isLeftOut = 'leftOut' in output && !course.leftOut.has(index);
  if (!isNew && !isLeftOut) return course;
  return {
    ...course,
    ...(isNew && { withOutput: new Set([...course.withOutput, index]) }),
    ...(isLeftOut && { leftOut: new Set([...course.leftOut, index]) })
  };
}
