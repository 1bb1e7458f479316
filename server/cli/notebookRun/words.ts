import { note, plain, progress } from '../output.js';
import type { Told } from './follow.js';

/** Shows how far a run is: one line that changes on a terminal, else a line for each cell. */
export function tellProgress(isTerminal: boolean): (told: Told) => void {
  return told => {
    if (told.event === 'started') progress(`Running ${told.cells} cells`);
    if (told.event === 'cell') {
      const { cell, of, state, seconds } = told;
      if (state === 'running') progress(`Cell ${cell} of ${of}`);
      else if (!isTerminal || state === 'failed') say(`cell ${cell} of ${of} ${state}${time(seconds)}`);
    }
    if (told.event === 'notice') say(plain(told.text));
    if (told.event === 'log' && told.level !== 'info') say(plain(told.text));
  };
}

/** A line that stays, above the one that changes. */
function say(line: string): void {
  progress(undefined);
  note(line);
}

function time(seconds: number | undefined): string {
  return seconds === undefined ? '' : ` after ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
