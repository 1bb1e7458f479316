import { ProblemError } from '../../../contract/problem.js';
import { ParseFault, parseExactly } from './parse.js';
import { MAX_DEPTH, type ScanFault } from './scan.js';
import { conflictLine, lineAt, sniff } from './sniff.js';

const EARLIER =
  'Take an earlier copy (in JupyterLab: File > Revert Notebook to Checkpoint) or save the notebook again.';

/** A file that is no notebook: what is wrong, where, and the cure. */
export function notANotebook(what: string, cure: string, place = ''): ProblemError {
  const errors = place === '' ? undefined : [{ field: place, message: `${capital(what)}. ${cure}` }];
  return new ProblemError('not-a-notebook', `This is not a notebook that can be read: ${what}. ${cure}`, { errors });
}

/** A notebook of a format version that is not read. */
export function wrongVersion(version: number): ProblemError {
  const sentence =
    version < 3
      ? `This notebook is written in nbformat ${version}, which ended in 2013. Open it in Jupyter and save it, or run "jupyter nbconvert --to notebook --nbformat 4" on it, then try again.`
      : `This notebook is written in nbformat ${version}, which is newer than the 4 that Lakeside reads. Update Lakeside, or save the notebook as nbformat 4.`;
  return new ProblemError('notebook-version', sentence, { errors: [{ field: 'nbformat', message: sentence }] });
}

export function tooLarge(size: number, max: number): ProblemError {
  return new ProblemError(
    'too-large',
    `This notebook has ${megabytes(size)} MB, more than the ${megabytes(max)} MB that are taken here. Clear large outputs or save data in files beside it, then try again.`
  );
}

/** The problem for a fault of the scanner, with the exact place where the parser finds it. */
export function scanProblem(bytes: Buffer, fault: ScanFault): ProblemError {
  if (fault.kind === 'too-deep') return tooDeep(fault.place);
  const known = fault.kind === 'cut-off' && fault.offset > 0 ? undefined : sniff(bytes);
  if (known) return notANotebook(known.what, known.cure);
  if (fault.kind === 'not-an-object')
    return notANotebook('it does not begin with "{"', 'Choose a file that Jupyter saved as a notebook.');
  if (fault.kind === 'cells-no-list')
    return notANotebook('"cells" is not a list', `Mend the file or choose another one. ${EARLIER}`, 'cells');
  if (fault.piece) {
    const text = bytes.subarray(fault.piece.start, fault.piece.end).toString('utf8');
    const closer = parseFault(text);
    if (closer && closer.kind !== 'cut-off') return parseProblem(bytes, fault.piece.start, text, fault.place, closer);
    if (closer) return broken(bytes, 'cut-off', bytes.length, join(fault.place, closer.path));
  }
  return broken(bytes, fault.kind === 'cut-off' ? 'cut-off' : 'syntax', fault.offset, fault.place);
}

/** The problem for a part that the parser could not read. */
export function parseProblem(
  bytes: Buffer,
  start: number,
  text: string,
  place: string,
  fault: ParseFault
): ProblemError {
  const exact = join(place, fault.path);
  if (fault.kind === 'too-deep') return tooDeep(exact);
  return broken(bytes, fault.kind, start + Buffer.byteLength(text.slice(0, fault.offset)), exact);
}

function tooDeep(place: string): ProblemError {
  const where = place === '' ? '' : ` at ${inWords(place)}`;
  const sentence = `This notebook is nested more than ${MAX_DEPTH} levels deep${where}, deeper than Jupyter itself reads. Clear that output and save it again.`;
  return new ProblemError('notebook-too-complex', sentence, { errors: [{ field: place, message: sentence }] });
}

function broken(bytes: Buffer, kind: 'cut-off' | 'syntax', offset: number, place: string): ProblemError {
  const where = place === '' ? '' : ` in ${inWords(place)}`;
  if (kind === 'cut-off')
    return notANotebook(
      `the file ends in the middle${where}`,
      `It was cut off when it was written or copied. ${EARLIER}`,
      place
    );
  const conflict = conflictLine(bytes);
  if (conflict !== undefined)
    return notANotebook(
      `it holds an unresolved git conflict at line ${conflict}${where}`,
      'Resolve the conflict (nbdime does it cell by cell) and save it.',
      place
    );
  return notANotebook(
    `its JSON is broken at line ${lineAt(bytes, offset)}${where}`,
    `Mend the file there. ${EARLIER}`,
    place
  );
}

function parseFault(text: string): ParseFault | undefined {
  try {
    parseExactly(text);
    return undefined;
  } catch (error) {
    if (error instanceof ParseFault) return error;
    throw error;
  }
}

/** A place as people count: `cell 15 (cells.14.outputs.0)`. */
export function inWords(place: string): string {
  const [, number, inside] = /^cells\.(\d+)(\..+)?$/.exec(place) ?? [];
  if (number === undefined) return place;
  return `cell ${Number(number) + 1}${inside === undefined ? '' : ` (${place})`}`;
}

/** Keys in a place are foreign text: they are cut and cleaned. */
function join(place: string, path: readonly (string | number)[]): string {
  const names = path.slice(0, 12).map(part =>
    String(part)
      .replace(/[^\w/+.-]/g, '_')
      .slice(0, 60)
  );
  return [place, ...names].filter(part => part !== '').join('.');
}

/** Begins a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function megabytes(bytes: number): string {
  const value = bytes / (1024 * 1024);
  return value >= 10 ? value.toFixed(0) : value.toFixed(1);
}
