import { ProblemError } from '../../contract/problem.js';

/** The problem behind anything thrown; what is no problem is a fault of ours. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return new ProblemError('internal', 'The page made a mistake. Reload it; if it stays, copy the details.', {
    cause: error
  });
}

/** True where a call ended because nobody waits for it any more. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** What somebody needs to find the cause of a problem, as text to copy. */
export function problemDetails(error: ProblemError): string {
  const cause = error.cause instanceof Error ? error.cause.message : undefined;
  return [
    error.message,
    `code: ${error.code}`,
    `status: ${error.status}`,
    error.requestId && `request: ${error.requestId}`,
    ...(error.errors ?? []).map(field => `${field.field}: ${field.message}`),
    cause && `cause: ${cause}`
  ]
    .filter(Boolean)
    .join('\n');
}
