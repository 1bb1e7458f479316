import type { TranslationBundle } from '@jupyterlab/translation';
import type { IPlace } from './placeModel.js';
import type { IOfferedTarget } from './targetsModel.js';

/** So many spaces are named; the others are counted. */
const NAMED = 4;

/** What the operator of a target allows, in one line: "Only Analytics and Data · Notebooks with secrets are refused". */
export function policyWords(target: IOfferedTarget, trans: TranslationBundle): string {
  const { policy, standing } = target;
  const words: string[] = [];
  if (policy?.spaces) words.push(trans.__('Only %1', inOneLine(standing?.allowed ?? policy.spaces, trans)));
  if (policy?.secrets === 'block') words.push(trans.__('Notebooks with secrets are refused'));
  return words.join(' · ');
}

/** Whether nothing can be shared there without a choice of where: by itself a page would go where none may. */
export function mustChoose(target: IOfferedTarget | undefined, place: IPlace): boolean {
  const { policy, standing } = target ?? {};
  if (policy?.spaces === undefined || standing === undefined || standing.home) return false;
  return standing.spaces && place.space === undefined && place.parent === undefined;
}

/** The name of a target that takes no notebook with a secret; undefined for the others. */
export function refusing(target: IOfferedTarget | undefined): string | undefined {
  return target?.policy?.secrets === 'block' ? target.label : undefined;
}

/** "A", "A and B", "A, B, C, D and 3 more". */
function inOneLine(names: readonly string[], trans: TranslationBundle): string {
  const rest = names.length - NAMED;
  if (rest > 0) return trans.__('%1 and %2 more', names.slice(0, NAMED).join(', '), rest);
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : trans.__('%1 and %2', names.slice(0, -1).join(', '), last);
}
