import { loadSanitiser, type Sanitiser } from '../sanitise/html.js';
import type { Block } from '../sharedoc.js';
import { readTable } from './table.js';

/** Larger HTML is not sanitised as a whole: its text is shown, and the cut is said. */
const MAX_HTML = 8 * 1024 * 1024;

/** Turns HTML outputs into blocks: tables where they are tables, sanitised HTML elsewhere. */
export class HtmlReader {
  private sanitiser: Promise<Sanitiser> | undefined;

  /** Empty where nothing visible is left. */
  async read(html: string): Promise<Block[]> {
    const table = readTable(html);
    if (table) return [table];
    const embedded = embeddedPages(html);
    if (html.length > MAX_HTML)
      return [
        {
          kind: 'notice',
          tone: 'cut',
          text: `An HTML output of ${Math.round(html.length / 1024 / 1024)} MB is left out. Open the full notebook to see it.`
        }
      ];
    const clean = (await this.load())(html).trim();
    const visible = visibleText(clean) !== '' || /<(?:img|hr|svg)\b/.test(clean);
    return visible ? [{ kind: 'html', html: clean }, ...embedded] : embedded;
  }

  /** The sanitiser, loaded at its first use. */
  load(): Promise<Sanitiser> {
    return (this.sanitiser ??= loadSanitiser());
  }
}

/** The words in clean HTML. */
export function visibleText(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;|\u00a0/g, ' ')
    .trim();
}

/** Frames, sounds and films are left out; each is named. */
function embeddedPages(html: string): Block[] {
  const blocks: Block[] = [];
  for (const match of html
    .slice(0, 200_000)
    .matchAll(/<iframe\b[^>]{0,2000}?\bsrc\s*=\s*["']?(https?:\/\/[^"'\s>]{1,500})/gi)) {
    const link = match[1] ?? '';
    blocks.push({
      kind: 'notice',
      tone: 'missing',
      text: 'An embedded page is left out:',
      ...(URL.canParse(link) && { link: new URL(link).href })
    });
    if (blocks.length === 5) break;
  }
  const sound = /<(audio|video)\b/i.exec(html)?.[1]?.toLowerCase();
  if (sound !== undefined)
    blocks.push({
      kind: 'notice',
      tone: 'missing',
      text: `${sound === 'audio' ? 'A sound' : 'A film'} is left out. Open the full notebook to play it.`
    });
  return blocks;
}
