import { decodeReferences } from './entities.js';

/** A part of a text in storage format. `start` and `end` are its places in that text. */
export type StorageNode = StorageElement | StorageText | StorageOther;

export interface StorageElement {
  kind: 'element';
  name: string;
  attributes: Map<string, string>;
  children: StorageNode[];
  start: number;
  end: number;
}

/** Characters, their references decoded; `verbatim` where they stood in CDATA. */
export interface StorageText {
  kind: 'text';
  text: string;
  verbatim: boolean;
  start: number;
  end: number;
}

/** A comment or an instruction. */
export interface StorageOther {
  kind: 'other';
  start: number;
  end: number;
}

/** Deeper pages are left alone: nobody writes such ones, and what reads them goes down as deep. */
const MAX_DEPTH = 200;

const NAME = '[A-Za-z_][\\w:.-]*';
const CDATA = /<!\[CDATA\[([^]*?)\]\]>/y;
const OTHER = /<!--[^]*?-->|<\?[^]*?\?>/y;
const CLOSE = new RegExp(`</(${NAME})\\s*>`, 'y');
const OPEN = new RegExp(`<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`, 'y');
const TEXT = /[^<]+/y;
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g');

/** Reads storage format. @returns undefined where its tags do not fit together */
export function readStorage(storage: string): StorageNode[] | undefined {
  const top: StorageNode[] = [];
  const open: StorageElement[] = [];
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(storage);
    if (match) at = pattern.lastIndex;
    return match;
  };
  while (at < storage.length) {
    const start = at;
    const children = open.at(-1)?.children ?? top;
    let match: RegExpExecArray | null;
    if ((match = next(TEXT))) children.push(text(decodeReferences(match[0]), false, start, at));
    else if ((match = next(CDATA))) children.push(text(match[1] ?? '', true, start, at));
    else if (next(OTHER)) children.push({ kind: 'other', start, end: at });
    else if ((match = next(CLOSE))) {
      const element = open.pop();
      if (element === undefined || element.name !== match[1]) return undefined;
      element.end = at;
    } else if ((match = next(OPEN))) {
      const attributes = attributesOf(match[2] ?? '');
      const element: StorageElement = {
        kind: 'element',
        name: match[1] ?? '',
        attributes,
        children: [],
        start,
        end: at
      };
      children.push(element);
      if (match[3] === '' && open.push(element) > MAX_DEPTH) return undefined;
    } else return undefined;
  }
  return open.length === 0 ? top : undefined;
}

/** The parameter of a macro; undefined where it has none of this name. */
export function parameterOf(macro: StorageElement, name: string): string | undefined {
  const found = macro.children.find(
    child =>
      child.kind === 'element' && child.name === 'ac:parameter' && (child.attributes.get('ac:name') ?? '') === name
  );
  return found && textOf([found]).trim();
}

/** All the text in some parts. */
export function textOf(nodes: readonly StorageNode[]): string {
  return nodes
    .map(node => (node.kind === 'text' ? node.text : node.kind === 'element' ? textOf(node.children) : ''))
    .join('');
}

function text(given: string, verbatim: boolean, start: number, end: number): StorageText {
  return { kind: 'text', text: given.replace(/\r\n?/g, '\n'), verbatim, start, end };
}

function attributesOf(source: string): Map<string, string> {
  const pairs = [...source.matchAll(ATTRIBUTE)];
  return new Map(pairs.map(([, name = '', double, single]) => [name, decodeReferences(double ?? single ?? '')]));
}
