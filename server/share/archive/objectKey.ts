import { ProblemError } from '../../../contract/problem.js';

const part = /^[A-Za-z0-9._-]+$/;
const MAX_BYTES = 512;

/**
 * Refuses what is no key of an object store. Every adapter calls it first, so that none can be led out of its folder.
 *
 * @param options.prefix - the key is the beginning of keys: it may be empty, or end within a part or with `/`
 * @throws ProblemError `internal`: keys are made by Lakeside, never typed by a person
 */
export function checkObjectKey(key: string, options: { prefix?: boolean } = {}): void {
  const parts = key.split('/');
  const last = parts.pop() ?? '';
  const fine =
    key.length <= MAX_BYTES &&
    parts.every(isObjectKeyPart) &&
    (isObjectKeyPart(last) || (options.prefix === true && (last === '' || part.test(last))));
  if (!fine)
    throw new ProblemError('internal', `${JSON.stringify(key.slice(0, 200))} cannot be the name of an object.`);
}

/** Whether a name may stand between two slashes of a key. */
export function isObjectKeyPart(text: string): boolean {
  return part.test(text) && text !== '.' && text !== '..';
}
