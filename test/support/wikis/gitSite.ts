import MarkdownIt from 'markdown-it';
import { forgeOf } from '../../../server/adapters/wiki-git/forges/forge.js';
import type { ForgeName } from '../../../server/adapters/wiki-git/settings.js';
import type { GitWikiServer } from './gitServer.js';

const markdown = new MarkdownIt({ html: true });
const TYPES: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp' };

/**
 * Lets the site of the tests show its pages: plain HTML of the Markdown in the repository, pictures from the root of the
 * wiki. It is no forge; what forges make of the same text differs in looks.
 *
 * @param way.place - where the pages are read: `/team/lab/wiki`
 * @param way.fileOf - the file of the page with an address, without its ending
 */
export function showPages(
  server: GitWikiServer,
  { forge, place, fileOf }: { forge: ForgeName; place: string; fileOf: (address: string) => string }
): void {
  server.serve = (path, response) => {
    if (!path.startsWith(`${place}/`)) return false;
    const file = fileOf(path.slice(place.length + 1));
    const type = TYPES[file.slice(file.lastIndexOf('.') + 1)];
    try {
      const bytes = server.bytes(type === undefined ? `${file}.md` : file);
      response.writeHead(200, { 'content-type': type ?? 'text/html; charset=utf-8' });
      const text = bytes.toString('utf8');
      const title = forgeOf(forge).title(`${file}.md`, text);
      response.end(type === undefined ? page(title, text, `${place}/`) : bytes);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('There is no such page.');
    }
    return true;
  };
}

function page(title: string, text: string, base: string): string {
  const body = markdown.render(text.replace(/^---\n[\s\S]*?\n---\n/, ''));
  const style = 'body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto}td,th{border:1px solid;padding:.2rem}';
  return `<!doctype html><meta charset="utf-8"><base href="${base}"><style>${style}</style><h1 id="title">${title}</h1><article>${body}</article>`;
}
