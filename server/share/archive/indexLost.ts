import { ProblemError } from '../../../contract/problem.js';

/** Thrown by an index that found its file damaged or gone. It is empty now and has to be filled again. */
export class IndexLost extends ProblemError {
  constructor(cause?: unknown) {
    super('unavailable', 'The index of the Library is being made anew. Try again in a moment.', {
      cause,
      retryAfter: 1
    });
    this.name = 'IndexLost';
  }
}
