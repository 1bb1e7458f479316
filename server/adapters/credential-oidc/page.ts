import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** In the light or the dark, as the browser has it. */
const STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 34rem; margin: 18vh auto 0; padding: 0 1.5rem; }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
p { margin: 0; }
footer { margin-top: 2.5rem; border-top: 1px solid; padding-top: .5rem; }`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * Answers with a page for the person who came back from the provider. It loads nothing, runs nothing and leaves no
 * address behind.
 *
 * @param title - what happened, as plain text
 * @param more - what to do now
 */
export function page(response: ServerResponse, status: number, title: string, more = ''): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'`,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close'
  });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Lakeside</title><style>${STYLE}</style><main><h1>${escaped(title)}</h1><p>${escaped(more)}</p></main><footer>Lakeside</footer></html>`
  );
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, character => `&#${String(character.codePointAt(0))};`);
