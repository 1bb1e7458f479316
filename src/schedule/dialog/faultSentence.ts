import type { TranslationBundle } from '@jupyterlab/translation';
import type { DraftFault } from './draft.js';

/** What is wrong with what was typed, and the cure. */
export function faultSentence(fault: DraftFault, trans: TranslationBundle): string {
  switch (fault) {
    case 'int':
      return trans.__('Give a whole number, or a macro.');
    case 'large':
      return trans.__('This number is too large to be kept exactly. Let the notebook take it as text.');
    case 'float':
      return trans.__('Give a number such as 0.5 or 1e6, or a macro.');
    case 'bool':
      return trans.__('Give true or false.');
    case 'date':
      return trans.__('Give a day such as 2026-11-21, or a macro such as {{ ds }}.');
    case 'list':
      return trans.__('Give a list in JSON, such as ["north", "south"].');
    case 'dict':
      return trans.__('Give a map in JSON, such as {"limit": 10}.');
    case 'choice':
      return trans.__('Choose one.');
    case 'variable':
      return trans.__('Give the name of a variable: letters, digits and _, not beginning with a digit.');
    case 'number':
      return trans.__('Give a whole number.');
  }
}
