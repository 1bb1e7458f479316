import type { ReactNode } from 'react';
import type { ProfileColour } from '../../contract/credentials/types.js';
import type { Standing } from './standing.js';
import { SHAPES } from './words.js';

/** A state as a shape in the colour of its profile. The word stands beside it. */
export function Mark({ state, colour }: { state: Standing; colour: ProfileColour }): ReactNode {
  return (
    <span className={`jp-LakesideCredentials-mark jp-mod-${colour}`} data-state={state} aria-hidden="true">
      {SHAPES[state]}
    </span>
  );
}
