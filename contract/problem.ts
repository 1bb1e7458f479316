import * as z from 'zod';

/**
 * Every problem Lakeside answers with: its stable code, its HTTP status and its short title.
 * 4xx is what the caller can mend, 5xx only our own fault.
 */
export const problems = {
  'bad-request': { status: 400, title: 'The request cannot be understood' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  conflict: { status: 409, title: 'Something else changed it meanwhile' },
  gone: { status: 410, title: 'It was deleted' },
  'too-large': { status: 413, title: 'Too large' },
  'unsupported-type': { status: 415, title: 'This kind of content is not taken' },
  invalid: { status: 422, title: 'A field is not right' },
  'not-a-notebook': { status: 422, title: 'Not a notebook' },
  'notebook-version': { status: 422, title: 'This notebook format is not supported' },
  'notebook-too-complex': { status: 422, title: 'This notebook cannot be rendered' },
  'same-id': { status: 409, title: 'Another notebook carries the same id' },
  'file-not-found': { status: 404, title: 'There is no such file' },
  'file-unreadable': { status: 403, title: 'The file cannot be read' },
  'path-refused': { status: 403, title: 'This path is outside the folder you work in' },
  cancelled: { status: 409, title: 'It was cancelled' },
  'target-signin': { status: 403, title: 'The wiki does not accept the sign-in' },
  'target-forbidden': { status: 403, title: 'The wiki does not allow it' },
  'target-not-found': { status: 404, title: 'The wiki has no such page or place' },
  'target-conflict': { status: 409, title: 'Somebody changed the page meanwhile' },
  'target-too-large': { status: 413, title: 'Too large for the wiki' },
  'target-busy': { status: 503, title: 'The wiki asks to wait' },
  'target-failed': { status: 502, title: 'The wiki failed' },
  'target-unreachable': { status: 504, title: 'The wiki does not answer' },
  'source-signin': { status: 403, title: 'The source does not accept the sign-in' },
  'source-forbidden': { status: 403, title: 'The source does not allow it' },
  'source-not-found': { status: 404, title: 'The source has no such table' },
  'source-failed': { status: 502, title: 'The source failed' },
  'source-unreachable': { status: 504, title: 'The source does not answer' },
  'credential-signin': { status: 403, title: 'Sign in first' },
  'credential-refused': { status: 403, title: 'The provider refuses the sign-in' },
  'credential-busy': { status: 503, title: 'The provider asks to wait' },
  'credential-failed': { status: 502, title: 'The provider failed' },
  'credential-unreachable': { status: 504, title: 'The provider does not answer' },
  'storage-full': { status: 507, title: 'The disk is full' },
  'storage-read-only': { status: 507, title: 'The disk is read-only' },
  'storage-refused': { status: 502, title: 'The object storage refuses Lakeside' },
  'storage-unreachable': { status: 503, title: 'The object storage cannot be reached' },
  'render-failed': { status: 500, title: 'Rendering failed' },
  internal: { status: 500, title: 'Lakeside made a mistake' },
  starting: { status: 503, title: 'Lakeside is starting' },
  stopping: { status: 503, title: 'Lakeside is stopping' },
  unavailable: { status: 503, title: 'Lakeside is not running' },
  'node-missing': { status: 503, title: 'Node.js is missing' }
} as const satisfies Record<string, { status: number; title: string }>;

/** A stable, machine-readable name of a problem. */
export type ProblemCode = keyof typeof problems;

/** Problems any route may answer with. */
export const commonProblems = [
  'bad-request',
  'forbidden',
  'invalid',
  'unsupported-type',
  'too-large',
  'storage-refused',
  'storage-unreachable',
  'credential-signin',
  'internal',
  'starting',
  'stopping',
  'unavailable'
] as const satisfies readonly ProblemCode[];

/** One field that is not right, and what to do about it. */
export const FieldError = z.object({
  /** Where: `title`, `tags.2`, `cells.14.source`. */
  field: z.string(),
  /** What is wrong with it and the cure, as a sentence. */
  message: z.string()
});
export type FieldError = z.infer<typeof FieldError>;

/** Longest part of a path that a field's name shows. */
const LONGEST_PART = 100;

/** The name of a field by its path: `tags.2`. Parts that somebody made very long are cut. */
export function fieldOf(path: readonly PropertyKey[]): string {
  return path
    .map(String)
    .map(part => (part.length > LONGEST_PART ? `${part.slice(0, LONGEST_PART)}…` : part))
    .join('.');
}

/** RFC 9457 problem details, plus `message` (JupyterLab shows only that), a stable code and the fields at fault. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int().min(400).max(599),
  /** The sentence for a person: what happened, why, what to do now. */
  detail: z.string(),
  /** The same sentence as `detail`. */
  message: z.string(),
  code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
  requestId: z.string().optional(),
  errors: z.array(FieldError).optional(),
  /** Seconds after which a retry makes sense. */
  retryAfter: z.number().optional(),
  /** What else there is to know, by code: `PageConflict` for `target-conflict` and `target-not-found`. */
  details: z.unknown().optional()
});
export type Problem = z.infer<typeof Problem>;

/** What a problem carries beside its code. */
export interface ProblemOptions {
  errors?: FieldError[];
  retryAfter?: number;
  details?: unknown;
  /** The fault behind it, for the log only. */
  cause?: unknown;
}

/** The one error that services throw and clients catch. Its message is the sentence a person reads. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly errors: FieldError[] | undefined;
  readonly retryAfter: number | undefined;
  readonly details: unknown;
  /** The request it answered, where it came over HTTP. */
  requestId: string | undefined;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProblemError';
    this.code = code;
    this.status = problems[code].status;
    this.errors = options.errors;
    this.retryAfter = options.retryAfter;
    this.details = options.details;
  }

  /** The problem as it travels. */
  toProblem(requestId = this.requestId): Problem {
    return {
      type: `urn:lakeside:problem:${this.code}`,
      title: problems[this.code].title,
      status: this.status,
      detail: this.message,
      message: this.message,
      code: this.code,
      ...(requestId !== undefined && { requestId }),
      ...(this.errors && { errors: this.errors }),
      ...(this.retryAfter !== undefined && { retryAfter: this.retryAfter }),
      ...(this.details !== undefined && { details: this.details })
    };
  }

  /** The error a travelled problem stands for. */
  static from(problem: Problem): ProblemError {
    const error = new ProblemError(problem.code, problem.detail, {
      errors: problem.errors,
      retryAfter: problem.retryAfter,
      details: problem.details
    });
    error.requestId = problem.requestId;
    return error;
  }
}
