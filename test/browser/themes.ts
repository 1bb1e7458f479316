import { fullDose } from '../support/dose.js';

/** A theme of JupyterLab that `Lab.theme` knows. */
export type Theme = 'light' | 'dark' | 'high contrast';

/** The themes in which every state is looked through by axe: high contrast at the full dose only, for it takes long. */
export const themes: readonly Theme[] = fullDose ? ['light', 'dark', 'high contrast'] : ['light', 'dark'];
