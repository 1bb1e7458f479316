import type { ErrorRequestHandler, Request, Response } from 'express';
import { ProblemError } from '../../contract/problem.js';
import type { Log } from '../ports.js';

interface HttpFault {
  status?: number;
  type?: string;
  message: string;
}

/** The problem an error stands for. What nobody foresaw becomes `internal`, without its text. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const fault = error as HttpFault | undefined;
  if (fault?.type === 'entity.too.large') {
    return new ProblemError('too-large', 'The request is larger than this address takes.', { cause: error });
  }
  if (fault?.type === 'entity.parse.failed') {
    return new ProblemError('bad-request', 'The body is not JSON. Send application/json.', { cause: error });
  }
  if (typeof fault?.status === 'number' && fault.status >= 400 && fault.status < 500) {
    return new ProblemError('bad-request', 'The request cannot be understood.', { cause: error });
  }
  return new ProblemError(
    'internal',
    'Lakeside made a mistake. Try again; if it stays, give the request id to whoever runs this server.',
    { cause: error }
  );
}

/** Writes a problem as `application/problem+json`. */
export function sendProblem(response: Response, problem: ProblemError): void {
  const body = problem.toProblem(response.locals['requestId'] as string | undefined);
  if (body.retryAfter !== undefined) response.setHeader('Retry-After', Math.ceil(body.retryAfter));
  response.status(body.status).type('application/problem+json').send(JSON.stringify(body));
}

/** The last handler of the app: every error leaves as a problem; only our own faults are logged as errors. */
export function problemHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, request: Request, response: Response, _next) => {
    const problem = toProblem(error);
    const fields = {
      requestId: response.locals['requestId'] as string,
      method: request.method,
      path: request.path.slice(0, 256),
      code: problem.code,
      err: problem.cause ?? problem
    };
    if (problem.status >= 500) log.error(fields, problem.message);
    else log.debug(fields, problem.message);
    if (response.headersSent) {
      // The status is out already; breaking the connection is the only honest end.
      response.destroy();
      return;
    }
    sendProblem(response, problem);
  };
}
