import { randomUUID } from 'node:crypto';
import type { Edition } from './rules.js';
import { elementsOf, ENTITIES, valueOf, wordsOf, type TwinElement, type TwinNode } from './xml.js';

const NAMES = new Map(Object.entries(ENTITIES).map(([name, character]) => [character, name]));
const BLOCKS =
  /^(p|h[1-6]|[uo]l|li|table|tbody|thead|tfoot|t[rdh]|blockquote|hr|pre|div|ac:(rich|plain)-text-body|ac:layout.*|ac:task.*)$/;

/** How Confluence writes what it was given: what a save, the editor of Data Center, and that of Cloud make of it. */
export type Hand = 'save' | 'datacenter-editor' | 'cloud';

/** The hands that a page goes through when it is saved through the interface, and when a person edits it. */
export function handsOf(edition: Edition, byEditor: boolean): Hand[] {
  if (edition === 'cloud') return ['save', 'cloud'];
  return byEditor ? ['save', 'datacenter-editor'] : ['save'];
}

/** A page in Confluence's own words. */
export function written(root: TwinElement, hands: readonly Hand[]): string {
  let page = root;
  for (const hand of hands) page = { ...page, children: below(page, hand) };
  if (hands.includes('datacenter-editor')) page = withCursors(page);
  return page.children.map(text).join('');
}

function below(element: TwinElement, hand: Hand): TwinNode[] {
  const { children } = element;
  const isBlock = (node: TwinNode | undefined): boolean =>
    node === undefined || (node.kind === 'element' && (BLOCKS.test(node.name) || node.name === 'ac:structured-macro'));
  return children.flatMap((node, at) => {
    if (node.kind === 'element') return changed(node, hand, element);
    // A save leaves the blanks between blocks, an editor does not.
    const isBetween =
      isBlock(children[at - 1]) &&
      isBlock(children[at + 1]) &&
      !/^(p|h[1-6]|pre|ac:plain.*|ac:parameter)$/.test(element.name);
    return hand !== 'save' && isBetween && node.text.trim() === '' ? [] : [node];
  });
}

function changed(node: TwinElement, hand: Hand, parent: TwinElement): TwinNode[] {
  const element: TwinElement = { ...node, children: below(node, hand) };
  if (hand === 'save') return [saved(element)];
  return hand === 'cloud' ? byCloud(element, parent) : [byDataCenter(element)];
}

const RENAMED: Record<string, string> = { b: 'strong', i: 'em' };

function saved(element: TwinElement): TwinElement {
  const name = RENAMED[element.name] ?? element.name;
  if (name !== 'ac:structured-macro') return { ...element, name };
  const given = element.attributes.filter(([key]) => key !== 'ac:schema-version');
  const id: [string, string][] = valueOf(element, 'ac:macro-id') === undefined ? [['ac:macro-id', randomUUID()]] : [];
  return { ...element, attributes: [...given, ['ac:schema-version', '1'], ...id] };
}

function byDataCenter(element: TwinElement): TwinElement {
  const { name, attributes, children } = element;
  switch (name) {
    case 'table': {
      const width = Math.max(0, ...elementsOf(elementsOf(element).at(-1) ?? element).map(row => row.children.length));
      const group = make(
        'colgroup',
        Array.from({ length: width }, () => make('col', []))
      );
      const isThere = elementsOf(element).some(child => child.name === 'colgroup');
      return {
        ...element,
        attributes: withClass(attributes, 'wrapped'),
        children: isThere ? children : [group, ...children]
      };
    }
    case 'td':
    case 'th':
      return valueOf(element, 'colspan') === undefined
        ? { ...element, attributes: [['colspan', '1'], ...attributes] }
        : element;
    case 'ac:link-body': {
      const isPlain = children.every(child => child.kind === 'text');
      return isPlain
        ? make('ac:plain-text-link-body', [{ kind: 'text', text: wordsOf(element), verbatim: true }])
        : element;
    }
    default:
      return element;
  }
}

/** The editor of Data Center leaves room for a cursor around macros. */
function withCursors(page: TwinElement): TwinElement {
  const room = (): TwinElement => ({ ...make('p', [make('br', [])]), attributes: [['class', 'auto-cursor-target']] });
  const isRoom = (node: TwinNode | undefined): boolean =>
    node?.kind === 'element' && valueOf(node, 'class') === 'auto-cursor-target';
  const children = page.children.flatMap((child, at, all) =>
    child.kind === 'element' && child.name === 'ac:structured-macro' && !isRoom(all[at + 1]) ? [child, room()] : [child]
  );
  return { ...page, children };
}

function byCloud(element: TwinElement, parent: TwinElement): TwinNode[] {
  const { name, attributes, children } = element;
  const local = (key: string): [string, string][] =>
    valueOf(element, key) === undefined ? [[key, randomUUID().slice(0, 12)]] : [];
  if (name === 'p' && parent.name === '' && isPicture(children)) return children;
  if (/^(p|h[1-6]|td|th|tr)$/.test(name)) return [{ ...element, attributes: [...attributes, ...local('local-id')] }];
  if (name === 'table') {
    const added: [string, string][] =
      valueOf(element, 'data-layout') === undefined
        ? [
            ['data-layout', 'default'],
            ['data-table-width', '760']
          ]
        : [];
    return [{ ...element, attributes: [...added, ...attributes, ...local('ac:local-id')] }];
  }
  if (name === 'ac:image') {
    const fixed: [string, string][] = [
      ['ac:align', 'center'],
      ['ac:layout', 'center'],
      ['ac:original-height', '480'],
      ['ac:original-width', '640']
    ];
    const wide: [string, string][] = valueOf(element, 'ac:width') === undefined ? [] : [['ac:custom-width', 'true']];
    const kept = attributes.filter(([key]) => ![...fixed, ...wide].some(([other]) => other === key));
    return [{ ...element, attributes: [...fixed, ...wide, ...kept] }];
  }
  if (name === 'ri:attachment' && valueOf(element, 'ri:version-at-save') === undefined)
    return [{ ...element, attributes: [...attributes, ['ri:version-at-save', '1']] }];
  if (name !== 'ac:structured-macro') return [element];
  const anchor = valueOf(element, 'ac:name') === 'anchor' && elementsOf(element).length === 1 ? [legacy(element)] : [];
  return [{ ...element, attributes: [...attributes, ...local('ac:local-id')], children: [...children, ...anchor] }];
}

function isPicture(children: readonly TwinNode[]): boolean {
  return children.length === 1 && children[0]?.kind === 'element' && children[0].name === 'ac:image';
}

function legacy(anchor: TwinElement): TwinElement {
  const name: TwinNode = { kind: 'text', text: `LEGACY_${wordsOf(anchor)}`, verbatim: false };
  return { ...make('ac:parameter', [name]), attributes: [['ac:name', 'legacyAnchorId']] };
}

function make(name: string, children: TwinNode[]): TwinElement {
  return { kind: 'element', name, attributes: [], children };
}

function withClass(attributes: [string, string][], name: string): [string, string][] {
  const others = attributes.filter(([key]) => key !== 'class');
  const old = attributes.find(([key]) => key === 'class')?.[1].split(' ') ?? [];
  return [['class', [...new Set([...old, name])].join(' ')], ...others];
}

function text(node: TwinNode): string {
  if (node.kind === 'text')
    return node.verbatim ? `<![CDATA[${node.text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>` : escaped(node.text);
  const attributes = node.attributes.map(([name, value]) => ` ${name}="${escaped(value).replaceAll('"', '&quot;')}"`);
  const inner = node.children.map(text).join('');
  return (inner === '' && BLOCKS.test(node.name)) || node.children.length === 0
    ? `<${node.name}${attributes.join('')} />`
    : `<${node.name}${attributes.join('')}>${inner}</${node.name}>`;
}

function escaped(given: string): string {
  return given
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\u0080-\u{10ffff}]/gu, character => {
      const name = NAMES.get(character);
      return name === undefined ? character : `&${name};`;
    });
}
