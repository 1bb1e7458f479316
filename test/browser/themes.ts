import { fullDose, startValue } from '../support/dose.js';

/** A theme of JupyterLab that `Lab.theme` knows. */
export type Theme = 'light' | 'dark' | 'high contrast';

const both = ['light', 'dark'] as const;

/**
 * The colours in which screens are looked through by axe: both at the full dose; one in CI, drawn anew for each state
 * of the sources, for it takes long.
 */
export const lightAndDark: readonly ('light' | 'dark')[] = fullDose
  ? both
  : both.slice(startValue('theme') % 2).slice(0, 1);

/** The themes in which every state is looked through by axe: high contrast, too, at the full dose. */
export const themes: readonly Theme[] = fullDose ? [...both, 'high contrast'] : lightAndDark;
