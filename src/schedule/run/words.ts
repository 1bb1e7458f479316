import type { TranslationBundle } from '@jupyterlab/translation';
import { duration } from '../../ui/duration.js';
import { soon } from '../moments.js';
import { hasEnded, runDuration, stateWord } from '../states.js';
import type { IRunState } from './runModel.js';

/** How a run stands, in one line: "Running · cell 8 of 31 · 2 m 4 s (median 3 m 50 s)". */
export function standingLine(state: IRunState, now: number, trans: TranslationBundle): string {
  const { run, course } = state;
  if (run === undefined) return '';
  const parts = [capital(stateWord(run.state, trans))];
  const failed = course.cells.find(cell => cell.state === 'failed');
  const { cell, of } = cellsOf(state);
  if (run.state === 'QUEUED' && run.notBefore !== undefined) {
    parts.push(trans.__('tried again %1', soon(run.notBefore, now, trans)));
  } else if (run.state === 'QUEUED') {
    parts.push(trans.__('it runs when there is room'));
  } else if (run.state === 'RUNNING') {
    parts.push(of > 0 ? trans.__('cell %1 of %2', cell, of) : trans.__('the kernel is starting'));
  } else if (failed) {
    parts.push(trans.__('in cell %1 of %2', failed.number, of));
  } else if (run.state === 'SUCCEEDED' && of > 0) {
    parts.push(trans._n('%1 cell', '%1 cells', of));
  }
  const took = runDuration(run, now);
  if (took !== undefined) {
    const usual = state.median === undefined ? '' : ` (${trans.__('median %1', duration(state.median, trans))})`;
    parts.push(`${duration(took, trans)}${usual}`);
  }
  return parts.join(' · ');
}

/** The cell a run is at, and how many there are; by its events, else by its record. */
export function cellsOf({ run, course }: IRunState): { cell: number; of: number } {
  const last = course.cells.at(-1);
  if (last !== undefined) return { cell: last.number, of: course.of };
  if (course.of > 0) return { cell: 0, of: course.of };
  return run?.progress ?? { cell: 0, of: 0 };
}

/** How far a run is, from 0 to 1. */
export function fractionOf(state: IRunState): number {
  const { cell, of } = cellsOf(state);
  const { run, course } = state;
  if (run !== undefined && hasEnded(run.state) && run.state === 'SUCCEEDED') return 1;
  if (of === 0) return 0;
  const isRunning = course.cells.at(-1)?.state === 'running';
  return Math.min(1, (isRunning ? cell - 1 : cell) / of);
}

function capital(word: string): string {
  return word.slice(0, 1).toLocaleUpperCase() + word.slice(1);
}
