import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Bytes } from '../../contract/route.js';

/**
 * The policies of foreign documents. Either way the document gets an origin of its own and reaches nothing;
 * a figure may run the scripts it carries. Links may open a tab: only a person's click does that.
 */
const policies = {
  static:
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  scripts:
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data: blob:; font-src data:; style-src 'unsafe-inline'; worker-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
};

/** Streams bytes. HTML always goes out under a sandboxing policy, whoever asks for it and however. */
export async function sendBytes(request: Request, response: Response, bytes: Bytes, gone: AbortSignal): Promise<void> {
  response.status(200);
  response.setHeader('Content-Type', bytes.contentType);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  if (bytes.contentType.startsWith('text/html')) {
    response.setHeader('Content-Security-Policy', policies[bytes.sandbox ?? 'static']);
  }
  if (bytes.size !== undefined) response.setHeader('Content-Length', bytes.size);
  if (bytes.download !== undefined) response.setHeader('Content-Disposition', attachment(bytes.download));
  if (bytes.encoded) response.setHeader('Vary', 'Accept-Encoding');
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const encoding = bytes.encoded && request.acceptsEncodings('br', 'gzip');
  if (bytes.encoded && (encoding === 'br' || encoding === 'gzip')) {
    const whole = await bytes.encoded(encoding);
    response.setHeader('Content-Encoding', encoding);
    response.setHeader('Content-Length', whole.byteLength);
    response.end(whole);
    return;
  }
  try {
    await pipeline(Readable.from(bytes.stream), response, { signal: gone });
  } catch (error) {
    if (!gone.aborted) throw error;
  }
}

/** RFC 6266: an ASCII name for old programs, the real one beside it. */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, c => `%${c.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${full}`;
}
