import { diffArrays } from 'diff';
import type { TextRun } from '../../../../contract/share/index.js';

/** Texts that differ in more places than this are shown as replaced, so that no comparison stalls. */
const MAX_EDITS = 1500;
const MAX_TOKENS = 20_000;

/** The word-level difference of two texts. */
export function compareWords(before: string, after: string): TextRun[] {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: before }];
  return byToken(before, after, words) ?? byToken(before, after, lines) ?? replaced(before, after);
}

function byToken(before: string, after: string, split: (text: string) => string[]): TextRun[] | undefined {
  const [older, newer] = [split(before), split(after)];
  if (older.length + newer.length > MAX_TOKENS) return undefined;
  const changes = diffArrays(older, newer, { maxEditLength: MAX_EDITS });
  return changes?.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value.join('')
  }));
}

function replaced(before: string, after: string): TextRun[] {
  return [
    ...(before === '' ? [] : [{ kind: 'removed', text: before } as const]),
    ...(after === '' ? [] : [{ kind: 'added', text: after } as const])
  ];
}

/** Words, blanks and single marks; Chinese and Japanese character by character. */
function words(text: string): string[] {
  return text.match(/\p{Script=Han}|[\p{L}\p{M}\p{N}_]+|[^\S\n]+|\n|[^\s\p{L}\p{M}\p{N}_]/gu) ?? [];
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
