import { toProblemError } from '../../contract/client.js';
import { ProblemError } from '../../contract/problem.js';

/** What turns an English sentence into the person's language. */
export interface ITranslate {
  __(text: string, ...values: unknown[]): string;
}

/** Leaves sentences as they are. */
export const english: ITranslate = {
  __: (text, ...values) => text.replace(/%(\d+)/g, (_, number: string) => String(values[Number(number) - 1]))
};

/** The error that a refused answer stands for, with the sentence a person reads. */
export async function toFailure(response: Response, trans: ITranslate): Promise<ProblemError> {
  const body = await readJson(response);
  if (isProblem(body)) return toProblemError(response.status, body);
  if (response.status === 404 && body === undefined) {
    // Every path of ours answers 404 in JSON; a page in HTML comes from a Jupyter server that does not know us.
    return new ProblemError(
      'not-found',
      trans.__(
        'Lakeside is not part of this Jupyter server. Run "jupyter server extension enable lakeside" in its environment and restart it.'
      )
    );
  }
  if (response.status === 401 || response.status === 403) return signedOut(trans);
  if (response.status === 502 || response.status === 504) {
    return new ProblemError('unavailable', trans.__('The Jupyter server did not answer. Try again in a moment.'));
  }
  return toProblemError(response.status, body);
}

/** The answer was a sign-in page, or the cookie is not valid any more. */
export function signedOut(trans: ITranslate): ProblemError {
  return new ProblemError(
    'unauthenticated',
    trans.__('Your Jupyter session has ended. Reload the page and sign in again.')
  );
}

/** No answer at all. */
export function unreachable(trans: ITranslate, cause: unknown): ProblemError {
  return new ProblemError(
    'unavailable',
    trans.__('The Jupyter server cannot be reached. Check that it runs and that you are online, then try again.'),
    { cause }
  );
}

/** True for problems that go away by themselves: the sidecar starts, or is being replaced. */
export function isPassing(error: unknown): error is ProblemError {
  return error instanceof ProblemError && ['starting', 'stopping', 'unavailable'].includes(error.code);
}

/** A JSON body, or undefined where it is none. */
export async function readJson(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  if (!/[/+]json\b/.test(type)) return undefined;
  try {
    return (await response.json()) as unknown;
  } catch {
    return undefined;
  }
}

function isProblem(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'code' in body;
}
