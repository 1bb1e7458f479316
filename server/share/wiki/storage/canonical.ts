import { cdata, escapeXml } from '../../render/confluence/escape.js';
import { parameterOf, readStorage, textOf, type StorageElement, type StorageNode } from './tree.js';

/**
 * Confluence and its editors write what they were given in their own words: ids on macros and paragraphs, sizes on
 * pictures, names for characters, other blanks between tags. This writes it in one way, a line for each block, so that
 * what Lakeside wrote is the same when it comes back, and what a person changed shows line by line.
 */

/** Elements that stand below each other. What else there is stands in a line. */
const BLOCKS = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol li table tbody thead tfoot tr td th blockquote hr pre div ac:rich-text-body ac:plain-text-body ac:layout ac:layout-section ac:layout-cell ac:task-list ac:task ac:adf-extension ac:parameter'.split(
    ' '
  )
);
/** Blocks that hold lines of text themselves. */
const LINES = new Set('p h1 h2 h3 h4 h5 h6 pre ac:parameter'.split(' '));
/** Blocks whose parts stay on one line: a row of a table is one. */
const ROWS = new Set(['tr', 'td', 'th']);
/** Blocks in which a paragraph without a word is only a place for the cursor. */
const ROOMY = new Set(['', 'ac:rich-text-body', 'ac:layout-cell', 'blockquote', 'li']);
const DROPPED = new Set(['colgroup', 'col']);
/** Names that an editor gives to the same thing. */
const SAME: Record<string, string> = { b: 'strong', i: 'em', del: 's', 'ac:plain-text-link-body': 'ac:link-body' };

/** Macros that Lakeside writes: their ids mean nothing to anybody. Those of other macros are kept. */
const OURS = new Set(['code', 'expand', 'info', 'anchor']);
const MACRO_IDS = new Set(['ac:macro-id', 'ac:schema-version']);
const MACRO_PARAMETERS = new Set(['legacyAnchorId', 'atlassian-macro-output-type', 'breakoutMode', 'breakoutWidth']);
/** Attributes that the editors add: undefined for any value. */
const ADDED: Record<string, RegExp | undefined> = {
  'ac:local-id': undefined,
  'local-id': undefined,
  'ac:original-width': undefined,
  'ac:original-height': undefined,
  'ac:custom-width': undefined,
  'ac:layout': /^center$/,
  'ac:align': /^center$/,
  'ri:version-at-save': undefined,
  'data-layout': undefined,
  'data-table-width': undefined,
  'data-table-display-mode': undefined,
  'data-table-local-id': undefined,
  'ac:breakout-mode': undefined,
  'ac:breakout-width': undefined,
  'data-card-appearance': undefined,
  colspan: /^1$/,
  rowspan: /^1$/
};
const ADDED_CLASSES = /^(wrapped|relative-table|fixed-table|auto-cursor-target|confluenceT(able|d|h)|external-link)$/;

/** Storage format written in Lakeside's one way; undefined where its tags do not fit together. */
export function canonicalStorage(storage: string, marker: string): string | undefined {
  const nodes = readStorage(storage);
  return nodes && canonicalNodes(nodes, storage, marker);
}

/** Parts of a text in storage format, in Lakeside's one way. */
export function canonicalNodes(nodes: readonly StorageNode[], source: string, marker: string): string {
  return new Writer(source, marker).below(nodes, '').join('\n');
}

class Writer {
  constructor(
    private readonly source: string,
    private readonly marker: string
  ) {}

  /** Blocks below each other; what stands in a line between them is one of them. */
  below(nodes: readonly StorageNode[], parent: string): string[] {
    const units: string[] = [];
    let line: StorageNode[] = [];
    const endLine = (): void => {
      const parts = line.filter(node => !isBlank(node));
      const written = trimmed(this.inline(line));
      line = [];
      if (written === '') return;
      // An editor takes pictures out of paragraphs that hold nothing else; each had one of its own.
      const arePictures = !ROWS.has(parent) && parts.every(node => isElement(node, 'ac:image'));
      units.push(...(arePictures ? parts.map(node => `<p>${trimmed(this.inline([node]))}</p>`) : [written]));
    };
    for (const node of nodes) {
      if (node.kind !== 'element' || !isBlock(node)) {
        if (node.kind !== 'element' || !DROPPED.has(node.name)) line.push(node);
        continue;
      }
      endLine();
      if (!(node.name === 'p' && ROOMY.has(parent) && isEmpty(node))) units.push(this.block(node));
    }
    endLine();
    return units;
  }

  private block(node: StorageElement): string {
    if (isMacro(node)) return this.macro(node);
    const { name } = node;
    if (name === 'ac:plain-text-body') return `<${name}>${cdata(textOf(node.children), this.marker)}</${name}>`;
    if (name === 'pre') return this.tag(node, this.verbatim(node.children));
    if (LINES.has(name)) return this.tag(node, trimmed(this.inline(node.children)));
    return this.tag(node, this.below(node.children, name).join(ROWS.has(name) ? '' : '\n'));
  }

  private macro(node: StorageElement): string {
    const elements = node.children.filter(child => child.kind === 'element');
    const parameters = elements.filter(child => child.name === 'ac:parameter' && !this.isAdded(node, child));
    const sorted = parameters
      .map(child => ({ name: child.attributes.get('ac:name') ?? '', written: this.parameter(child) }))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const bodies = elements.filter(child => child.name !== 'ac:parameter').map(child => this.block(child));
    return this.tag(node, [...sorted.map(({ written }) => written), ...bodies].join(''));
  }

  private parameter(node: StorageElement): string {
    const isText = node.children.every(child => child.kind === 'text');
    const value = isText ? escapeXml(textOf(node.children).trim()) : this.inline(node.children);
    return `<ac:parameter ac:name="${escapeXml(node.attributes.get('ac:name') ?? '')}">${value}</ac:parameter>`;
  }

  private isAdded(macro: StorageElement, parameter: StorageElement): boolean {
    return OURS.has(macroName(macro)) && MACRO_PARAMETERS.has(parameter.attributes.get('ac:name') ?? '');
  }

  private inline(nodes: readonly StorageNode[]): string {
    return nodes
      .map(node => {
        if (node.kind === 'other') return this.source.slice(node.start, node.end);
        if (node.kind === 'text') return escapeXml(node.text.replace(/[ \t\n\f]+/g, ' '));
        if (node.name === 'code') return this.tag(node, this.verbatim(node.children));
        if (isMacro(node)) return this.macro(node);
        return isBlock(node) ? this.block(node) : this.tag(node, this.inline(node.children));
      })
      .join('');
  }

  private verbatim(nodes: readonly StorageNode[]): string {
    return nodes
      .map(node => {
        if (node.kind === 'other') return this.source.slice(node.start, node.end);
        return node.kind === 'text' ? escapeXml(node.text) : this.tag(node, this.verbatim(node.children));
      })
      .join('');
  }

  private tag(node: StorageElement, inner: string): string {
    const name = SAME[node.name] ?? node.name;
    const attributes = [...node.attributes]
      .flatMap(([key, value]) => this.attribute(node, key, value))
      .sort()
      .join('');
    return inner === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${inner}</${name}>`;
  }

  private attribute(node: StorageElement, key: string, value: string): string[] {
    if (Object.hasOwn(ADDED, key) && (ADDED[key]?.test(value) ?? true)) return [];
    if (MACRO_IDS.has(key) && OURS.has(macroName(node))) return [];
    if (key === 'style' && node.name === 'table') return [];
    if (key !== 'class') return [` ${key}="${escapeXml(value.replace(/[\t\n]/g, ' '))}"`];
    const classes = value.split(/\s+/).filter(each => each !== '' && !ADDED_CLASSES.test(each));
    return classes.length === 0 ? [] : [` class="${escapeXml(classes.join(' '))}"`];
  }
}

/** The name of a macro; empty for what is none. */
export function macroName(node: StorageElement): string {
  return node.name === 'ac:structured-macro' ? (node.attributes.get('ac:name') ?? '') : '';
}

/** Which end of which managed region an anchor marks; undefined for all else. */
export function markOf(node: StorageNode): { which: 'begin' | 'end'; marker: string } | undefined {
  if (node.kind !== 'element' || macroName(node) !== 'anchor') return undefined;
  const match = /^lakeside-(begin|end)-([A-Za-z0-9-]+)$/.exec(parameterOf(node, '') ?? '');
  return match ? { which: match[1] as 'begin' | 'end', marker: match[2] ?? '' } : undefined;
}

function isMacro(node: StorageElement): boolean {
  return node.name === 'ac:structured-macro';
}

/** Anchors stand in a line, other macros of ours below each other; those of others where they were put. */
function isBlock(node: StorageElement): boolean {
  if (!isMacro(node)) return BLOCKS.has(node.name);
  return node.children.some(child => child.kind === 'element' && /^ac:(rich|plain)-text-body$/.test(child.name));
}

function isElement(node: StorageNode, name: string): boolean {
  return node.kind === 'element' && node.name === name;
}

function isBlank(node: StorageNode): boolean {
  return node.kind === 'text' && /^[ \t\n\f]*$/.test(node.text);
}

function isEmpty(node: StorageElement): boolean {
  return node.children.every(child => isBlank(child) || isElement(child, 'br'));
}

/** Without the blanks at its ends. Those that are no plain blanks are a person's. */
function trimmed(text: string): string {
  return text.replace(/^[ \t\n\f]+|[ \t\n\f]+$/g, '');
}

/** Whether two texts in storage format say the same, in whatever words Confluence wrote them. */
export function sameStorage(a: string, b: string): boolean {
  const [one, other] = [a, b].map(text => canonicalStorage(text, 'lakeside') ?? text);
  return one === other;
}
