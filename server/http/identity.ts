import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { ProblemError } from '../../contract/problem.js';
import type { Caller } from '../ports.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Lets in only what the front door sends: the secret of this boot must match, and the person comes from its headers.
 *
 * @param secret - as the front door wrote it to standard input
 */
export function identity(secret: string): RequestHandler {
  const wanted = digest(secret);
  return (request, response, next) => {
    if (!timingSafeEqual(digest(request.get('x-lakeside-secret') ?? ''), wanted)) {
      throw new ProblemError('forbidden', 'Requests come through the Jupyter server only.');
    }
    const name = decode(request.get('x-lakeside-user'));
    if (name === '') throw new ProblemError('forbidden', 'The request names no user.');
    response.locals['caller'] = { name, groups: [], via: 'jupyter' } satisfies Caller;
    next();
  };
}

function decode(header: string | undefined): string {
  try {
    return decodeURIComponent(header ?? '').slice(0, 256);
  } catch {
    return '';
  }
}
