import { regionMarks } from '../region.js';
import { canonicalNodes, markOf } from './canonical.js';
import { readStorage, type StorageElement, type StorageNode } from './tree.js';

/** Where a mark stands: in a list of parts, itself or in a paragraph of that list. */
interface Mark {
  which: 'begin' | 'end';
  list: StorageNode[];
  at: number;
  /** The paragraph it stands in, and its place there. */
  paragraph: { element: StorageElement; at: number } | undefined;
}

/**
 * A page as Confluence gives it, with its managed regions in Lakeside's one way; all around them stays as it is, byte for
 * byte. Where a person wrote into the paragraph of a mark, the mark gets one of its own.
 */
export function settled(body: string): string {
  const nodes = readStorage(body);
  if (nodes === undefined) return body;
  const marks = new Map<string, Mark[]>();
  collect(nodes, marks);
  const regions = [...marks].flatMap(([marker, found]) => regionOf(body, marker, found) ?? []);
  regions.sort((a, b) => a.start - b.start);
  let text = '';
  let at = 0;
  for (const { start, end, written } of regions) {
    if (start < at) continue;
    text += body.slice(at, start) + written;
    at = end;
  }
  return text + body.slice(at);
}

function collect(list: StorageNode[], marks: Map<string, Mark[]>): void {
  const add = (node: StorageNode, place: Omit<Mark, 'which'>): void => {
    const mark = markOf(node);
    if (mark) marks.set(mark.marker, [...(marks.get(mark.marker) ?? []), { which: mark.which, ...place }]);
  };
  list.forEach((node, at) => {
    if (node.kind !== 'element') return;
    add(node, { list, at, paragraph: undefined });
    if (node.name !== 'p') collect(node.children, marks);
    else node.children.forEach((child, inside) => add(child, { list, at, paragraph: { element: node, at: inside } }));
  });
}

/** The managed region between two marks; undefined where they do not stand below one another. */
function regionOf(
  body: string,
  marker: string,
  marks: readonly Mark[]
): { start: number; end: number; written: string } | undefined {
  const [begin, end] = marks;
  if (marks.length !== 2 || begin?.which !== 'begin' || end?.which !== 'end') return undefined;
  if (begin.list !== end.list || begin.at >= end.at) return undefined;
  const [first, last] = [begin.list[begin.at], end.list[end.at]];
  if (first === undefined || last === undefined) return undefined;
  const [head, tail] = [aroundMark(begin), aroundMark(end)];
  const inside = [...head.after, ...begin.list.slice(begin.at + 1, end.at), ...tail.before];
  const { begin: opening, end: closing } = regionMarks('confluence', marker);
  const middle = canonicalNodes(inside, body, marker);
  const written = [
    ...paragraph(body, begin, head.rest.before),
    opening,
    ...(middle === '' ? [] : [middle]),
    closing,
    ...paragraph(body, end, tail.rest.after)
  ].join('\n');
  return { start: first.start, end: last.end, written };
}

/** What stands in the paragraph of a mark: as paragraphs of the region, and as the words outside of it. */
function aroundMark({ paragraph: around }: Mark): {
  before: StorageNode[];
  after: StorageNode[];
  rest: { before: StorageNode[]; after: StorageNode[] };
} {
  if (!around) return { before: [], after: [], rest: { before: [], after: [] } };
  const { element, at } = around;
  const [before, after] = [element.children.slice(0, at), element.children.slice(at + 1)];
  const alone = (children: StorageNode[]): StorageNode[] => (saysSomething(children) ? [{ ...element, children }] : []);
  return { before: alone(before), after: alone(after), rest: { before, after } };
}

/** Words beside a mark that lie outside the region, in a paragraph of their own and otherwise as they were. */
function paragraph(body: string, { paragraph: around }: Mark, words: readonly StorageNode[]): string[] {
  const [first, last] = [words[0], words.at(-1)];
  if (!around || !first || !last || !saysSomething(words)) return [];
  const opening = body.slice(around.element.start, around.element.children[0]?.start);
  return [`${opening}${body.slice(first.start, last.end)}</p>`];
}

function saysSomething(nodes: readonly StorageNode[]): boolean {
  return nodes.some(node =>
    node.kind === 'text' ? node.text.trim() !== '' : !(node.kind === 'element' && node.name === 'br')
  );
}
