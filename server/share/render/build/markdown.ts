import type MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { isObject, own, textOf, type JsonObject } from '../../notebook/json.js';
import { safeLink } from '../sanitise/url.js';
import type { Block, MarkdownBlock, Picture } from '../sharedoc.js';
import { mathPlugin } from './math.js';
import { dataPicture, rasterPicture, svgPicture } from './picture.js';
import { textBlock } from './text.js';

/** Longer prose (without its pictures) is shown as it was typed. */
const MAX_PROSE = 1024 * 1024;
/** What stands for an embedded picture while markdown is parsed: the parser need not read megabytes of base64. */
const PICTURE_SCHEME = 'lakeside-picture:';

export type Pictures = ReadonlyMap<string, Picture>;

/** Turns markdown into blocks. Loads markdown-it, which a notebook without prose does without. */
export async function loadMarkdown(): Promise<MarkdownReader> {
  const { default: Markdown } = await import('markdown-it');
  const md = new Markdown({ html: true, linkify: true });
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  // Addresses are judged below, where the text of a refused link stays readable.
  md.validateLink = () => true;
  md.use(mathPlugin);
  return new MarkdownReader(md);
}

export class MarkdownReader {
  constructor(private readonly md: MarkdownIt) {}

  /** @param attachments - the cell's attachments, to which `attachment:name` refers */
  read(source: string, attachments: JsonObject = {}): Block[] {
    const pictures = new Map<string, Picture>();
    const text = takePictures(source, pictures);
    if (text.length > MAX_PROSE) {
      const block = textBlock('result', text);
      return block ? [block] : [];
    }
    if (text.includes('attachment:')) addAttachments(attachments, pictures);
    const tokens = this.md.parse(text, {});
    const html = mend(tokens);
    return html ? [{ kind: 'markdown', tokens, html, pictures }] : split(tokens, pictures);
  }
}

/** Moves embedded pictures out of the text. */
function takePictures(source: string, pictures: Map<string, Picture>): string {
  if (!source.includes('data:image')) return source;
  return source.replace(/data:image\/[a-z+.-]{1,20};base64,[A-Za-z0-9+/=]+/gi, address => {
    const picture = dataPicture(address);
    if (!picture) return `${PICTURE_SCHEME}unknown`;
    const name = `${PICTURE_SCHEME}${pictures.size}`;
    pictures.set(name, picture);
    return name;
  });
}

function addAttachments(attachments: JsonObject, pictures: Map<string, Picture>): void {
  for (const [name, bundle] of Object.entries(attachments)) {
    if (!isObject(bundle)) continue;
    for (const mime of Object.keys(bundle)) {
      const value = textOf(own(bundle, mime));
      const picture =
        mime === 'image/svg+xml' ? svgPicture(value) : mime.startsWith('image/') ? rasterPicture(value) : undefined;
      if (!picture) continue;
      pictures.set(`attachment:${name}`, picture);
      break;
    }
  }
}

/** The picture an address in this text stands for. Addresses arrive percent-encoded or as they were typed. */
export function pictureAt(pictures: Pictures, address: string): Picture | undefined {
  const known = pictures.get(address);
  if (known || !address.includes('%')) return known;
  try {
    return pictures.get(decodeURIComponent(address));
  } catch {
    return undefined;
  }
}

/**
 * Judges links, marks tasks and takes out harmless HTML (comments, line breaks), in place.
 *
 * @returns whether foreign HTML is left
 */
function mend(tokens: Token[]): boolean {
  let html = false;
  for (const token of tokens) {
    if (token.type === 'html_block' && isComment(token.content)) token.content = '';
    else if (token.type === 'html_block') html = true;
    for (const child of token.children ?? []) {
      if (child.type === 'link_open') judge(child);
      else if (child.type === 'html_inline') {
        if (/^<br\s*\/?>$/i.test(child.content)) child.type = 'hardbreak';
        else if (isComment(child.content)) child.content = '';
        else html = true;
      }
    }
  }
  markTasks(tokens);
  return html;
}

function isComment(html: string): boolean {
  const text = html.trim();
  return text.startsWith('<!--') && text.indexOf('-->') === text.length - 3;
}

function judge(link: Token): void {
  const href = safeLink(link.attrGet('href') ?? '');
  link.attrs = href === undefined ? [] : [['href', href]];
}

/** `- [ ] to do` and `- [x] done`. */
function markTasks(tokens: Token[]): void {
  tokens.forEach((token, at) => {
    if (token.type !== 'inline' || tokens[at - 2]?.type !== 'list_item_open') return;
    const first = token.children?.[0];
    const match = first?.type === 'text' ? /^\[([ xX])\](?=\s)/.exec(first.content) : null;
    if (!first || !match) return;
    tokens[at - 2]?.attrSet('class', 'task');
    first.content = `${match[1] === ' ' ? '☐' : '☑'}${first.content.slice(3)}`;
  });
}

/** Headings and displayed formulas become blocks of their own, what lies between stays prose. */
function split(tokens: Token[], pictures: Pictures): Block[] {
  const blocks: Block[] = [];
  let prose: Token[] = [];
  const end = (): void => {
    if (prose.some(token => token.type !== 'html_block'))
      blocks.push({ kind: 'markdown', tokens: prose, html: false, pictures } satisfies MarkdownBlock);
    prose = [];
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    if (token.type === 'heading_open' && token.level === 0) {
      end();
      const inline = tokens[at + 1]?.children ?? [];
      blocks.push({ kind: 'heading', level: Number(token.tag.slice(1)), inline, text: inlineText(inline), pictures });
      at += 2;
    } else if (token.type === 'math_block' && token.level === 0) {
      end();
      blocks.push({ kind: 'math', tex: token.content });
    } else prose.push(token);
  }
  end();
  return blocks;
}

/** The words of inline tokens. */
export function inlineText(tokens: readonly Token[]): string {
  return tokens
    .map(token => {
      if (token.type === 'softbreak' || token.type === 'hardbreak') return ' ';
      if (token.type === 'image') return inlineText(token.children ?? []);
      return token.type === 'text' || token.type === 'code_inline' || token.type === 'math_inline' ? token.content : '';
    })
    .join('');
}
