import type * as z from 'zod';
import { ProblemError, type ProblemCode } from '../../../contract/problem.js';
import { sentence } from '../../share/wiki/http.js';

/** What DokuWiki's numbers of refusals mean, in releases that send them. */
const CODES: Record<number, ProblemCode> = {
  111: 'target-forbidden',
  112: 'target-forbidden',
  121: 'target-not-found',
  133: 'target-busy',
  134: 'target-forbidden',
  211: 'target-forbidden',
  215: 'target-forbidden',
  221: 'target-not-found',
  [-32603]: 'target-failed',
  [-32604]: 'target-forbidden',
  [-32605]: 'target-forbidden'
};

const CURES: Partial<Record<ProblemCode, string>> = {
  'target-forbidden': 'Ask an administrator of the wiki for the right, or choose another place.',
  'target-not-found': 'Publish it as a new page, or ask for it to be restored.',
  'target-busy': 'Share again when nobody edits the page.'
};

const REMOTE_OFF = -32605;
const NO_SUCH_PAGE = new Set([121, 221]);

/** A method that was refused. The release of 2022 tells neither number nor reason: it answers with nothing. */
export class DokuWikiRefusal extends ProblemError {
  constructor(
    label: string,
    readonly number: number | undefined,
    reason: string
  ) {
    const code = (number === undefined ? undefined : CODES[number]) ?? 'target-failed';
    const said = reason === '' ? 'it does not say why.' : sentence(reason);
    const cure =
      number === REMOTE_OFF
        ? 'Switch on the setting "remote" in its Configuration Manager.'
        : (CURES[code] ?? 'If it stays, tell an administrator of the wiki.');
    super(code, `${label} refused: ${said} ${cure}`);
  }

  /** Whether it may mean that a page or a file is not there. */
  get mayBeAbsent(): boolean {
    return this.number === undefined || NO_SUCH_PAGE.has(this.number);
  }
}

/** True for the empty struct with which the release of 2022 answers instead of a fault. */
export function isSilentRefusal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

/** An answer of a shape that Lakeside knows. @throws ProblemError `target-failed` */
export function answerOf<T>(label: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError(
    'target-failed',
    `${label} gave an answer that Lakeside does not understand. Check in the configuration that the address is that of a DokuWiki, and that it is of 2022 or newer.`,
    { cause: parsed.error }
  );
}
