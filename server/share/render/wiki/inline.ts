import type { Inline } from './parts.js';

/** Joins neighbouring texts, makes every run of white space one blank, and cuts it off at both ends. */
export function tidy(nodes: readonly Inline[]): Inline[] {
  const joined = join(nodes);
  const first = joined[0];
  if (first?.kind === 'text') first.text = first.text.trimStart();
  const last = joined.at(-1);
  if (last?.kind === 'text') last.text = last.text.trimEnd();
  while (joined.at(-1)?.kind === 'break') joined.pop();
  return joined.filter(node => node.kind !== 'text' || node.text !== '');
}

/** The words of a line: what a reader sees of it, without pictures. */
export function wordsOf(nodes: readonly Inline[]): string {
  return nodes
    .map(node => {
      switch (node.kind) {
        case 'text':
        case 'code':
          return node.text;
        case 'break':
          return ' ';
        case 'math':
          return node.tex;
        case 'picture':
          return node.alt;
        case 'span':
        case 'link':
          return wordsOf(node.inner);
      }
    })
    .join('');
}

/** The same without links, for places in which none can stand. */
export function withoutLinks(nodes: readonly Inline[]): Inline[] {
  return nodes.flatMap((node): Inline[] => {
    if (node.kind === 'link') return withoutLinks(node.inner);
    return node.kind === 'span' ? [{ ...node, inner: withoutLinks(node.inner) }] : [node];
  });
}

/** A plain text as inline nodes; its line breaks stay. */
export function textNodes(text: string): Inline[] {
  return text
    .split('\n')
    .flatMap((line, at): Inline[] => [...(at > 0 ? [{ kind: 'break' } as const] : []), { kind: 'text', text: line }])
    .filter(node => node.kind !== 'text' || node.text !== '');
}

function join(nodes: readonly Inline[]): Inline[] {
  const joined: Inline[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    if (node.kind === 'text') {
      const text = node.text.replace(/[ \t\n\r\f]+/g, ' ');
      if (last?.kind === 'text') last.text = (last.text + text).replace(/ {2,}/g, ' ');
      else if (last?.kind === 'break') joined.push({ kind: 'text', text: text.trimStart() });
      else if (text !== '') joined.push({ kind: 'text', text });
    } else if (node.kind === 'span' || node.kind === 'link') {
      const inner = join(node.inner);
      if (inner.length > 0) joined.push({ ...node, inner });
    } else joined.push(node);
  }
  return joined;
}
