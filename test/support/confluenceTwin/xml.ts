import { SaxesParser } from 'saxes';

/** A part of a page as the twin's own strict parser reads it; the twin shares no code with what it judges. */
export type TwinNode = TwinElement | { kind: 'text'; text: string; verbatim: boolean };
export interface TwinElement {
  kind: 'element';
  name: string;
  attributes: [string, string][];
  children: TwinNode[];
}

/** Characters that Confluence writes by their names, and the names it takes. */
export const ENTITIES: Record<string, string> = {
  nbsp: '\u00a0',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  ccedil: 'ç',
  ntilde: 'ñ',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  euro: '€',
  times: '×',
  deg: '°',
  plusmn: '±',
  micro: 'µ',
  middot: '·',
  copy: '©',
  alpha: 'α',
  beta: 'β',
  sigma: 'σ',
  mu: 'μ',
  le: '≤',
  ge: '≥',
  rarr: '→'
};

/** Why Confluence would not take a text. */
export class NotStorage extends Error {}

/** Reads storage format strictly: XML 1.0 with the two namespaces and the named references of XHTML. */
export function readStrictly(storage: string): TwinElement {
  const root: TwinElement = { kind: 'element', name: '', attributes: [], children: [] };
  const open: TwinElement[] = [root];
  const add = (node: TwinNode): void => void open.at(-1)!.children.push(node);
  const parser = new SaxesParser({ xmlns: true });
  Object.assign(parser.ENTITIES, ENTITIES);
  parser.on('error', error => {
    throw new NotStorage(`Error parsing xhtml: ${error.message}`);
  });
  parser.on('opentag', tag => {
    const attributes = Object.values(tag.attributes).map(({ name, value }): [string, string] => [name, value]);
    const element: TwinElement = { kind: 'element', name: tag.name, attributes, children: [] };
    if (tag.name !== 'storage:root') add(element);
    open.push(tag.name === 'storage:root' ? root : element);
  });
  parser.on('closetag', () => void open.pop());
  parser.on('text', text => add({ kind: 'text', text, verbatim: false }));
  parser.on('cdata', text => add({ kind: 'text', text, verbatim: true }));
  parser.on('doctype', () => {
    throw new NotStorage('Error parsing xhtml: a document type declaration is not allowed here');
  });
  // Comments and instructions are not kept.
  parser
    .write(`<storage:root xmlns:storage="urn:root" xmlns:ac="urn:ac" xmlns:ri="urn:ri">${storage}</storage:root>`)
    .close();
  return root;
}

/** All the text below an element. */
export function wordsOf(node: TwinNode): string {
  return node.kind === 'text' ? node.text : node.children.map(wordsOf).join('');
}

/** An attribute of an element; undefined where it has none. */
export function valueOf(element: TwinElement, name: string): string | undefined {
  return element.attributes.find(([key]) => key === name)?.[1];
}

/** Elements right below one. */
export function elementsOf(element: TwinElement): TwinElement[] {
  return element.children.filter(child => child.kind === 'element');
}
