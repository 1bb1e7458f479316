import { Router } from 'express';
import type { RequestHandler } from 'express';
import { ProblemError } from '../../../contract/problem.js';
import { readAssets } from './assets.js';
import type { Assets } from './assets.js';
import { cleanPrefix, shell } from './shell.js';

export interface PagesOptions {
  /** Where the built script and style of the pages lie. */
  directory: string;
}

/** The shell runs our own script and reaches our own server, nothing else; its frames hold documents of our API. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'"
].join('; ');

/**
 * The Library's web pages, to be mounted at `/library`: one shell for every address, whose script shows what the
 * address means, and the files it is made of below `static/`.
 */
export function createPages(options: PagesOptions): Router {
  let reading: Promise<Assets> | undefined;
  const assets = (): Promise<Assets> =>
    (reading ??= readAssets(options.directory).catch((error: unknown) => {
      reading = undefined;
      throw error;
    }));

  const router = Router();
  router.use(common);
  router.get('/static/:name', serveFile(assets));
  router.get('/{*page}', serveShell(assets));
  return router;
}

const common: RequestHandler = (_request, response, next) => {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  next();
};

function serveFile(assets: () => Promise<Assets>): RequestHandler<{ name: string }> {
  return async (request, response) => {
    const file = (await assets()).files.get(request.params.name);
    if (file === undefined) {
      throw new ProblemError('not-found', 'The pages of the Library have no such file. Reload the page.');
    }
    // An address that carries the hash of what it stands for never means anything else.
    const lasting = file.hashed || request.query['v'] === file.hash;
    response.setHeader('Cache-Control', lasting ? 'private, max-age=31536000, immutable' : 'private, no-cache');
    response.setHeader('ETag', `"${file.hash}"`);
    if (request.get('if-none-match') === `"${file.hash}"`) {
      response.status(304).end();
      return;
    }
    response.setHeader('Content-Type', file.type);
    response.setHeader('Content-Length', file.bytes.length);
    response.end(file.bytes);
  };
}

function serveShell(assets: () => Promise<Assets>): RequestHandler {
  return async (request, response) => {
    const { files } = await assets();
    const version = (name: string): string => files.get(name)?.hash ?? '';
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Security-Policy', policy);
    response.type('html').send(
      shell({
        prefix: cleanPrefix(request.get('x-forwarded-prefix')),
        script: `library.js?v=${version('library.js')}`,
        style: `library.css?v=${version('library.css')}`
      })
    );
  };
}
