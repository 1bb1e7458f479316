import { DomUtils, parseDocument } from 'htmlparser2';

/** What a call may carry. Bytes travel as base64. */
export type XmlRpcValue =
  | string
  | number
  | boolean
  | Uint8Array
  | readonly XmlRpcValue[]
  | { readonly [name: string]: XmlRpcValue };

/** What came back: a value, or the refusal of the method. */
export type XmlRpcAnswer = { value: unknown } | { code: number; reason: string };

type Nodes = ReturnType<typeof parseDocument>['children'];
type Element = ReturnType<typeof DomUtils.getElementsByTagName>[number];

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** A call in XML. Characters that XML cannot hold are left out. */
export function xmlRpcCall(method: string, values: readonly XmlRpcValue[]): string {
  const params = values.map(value => `<param><value>${written(value)}</value></param>`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?><methodCall><methodName>${method}</methodName><params>${params}</params></methodCall>`;
}

/** What an answer says; undefined where it is none. What a server prints before it does no harm. */
export function xmlRpcAnswer(text: string): XmlRpcAnswer | undefined {
  const begin = text.indexOf('<methodResponse');
  if (begin < 0 || !/<\/methodResponse>\s*$/.test(text)) return undefined;
  const root = parseDocument(text.slice(begin), { xmlMode: true }).children;
  const value = DomUtils.getElementsByTagName('value', root, true, 1)[0];
  if (!value) return undefined;
  if (DomUtils.getElementsByTagName('fault', root, true, 1).length === 0) return { value: read(value) };
  const { faultCode, faultString } = read(value) as { faultCode?: unknown; faultString?: unknown };
  return { code: Number(faultCode), reason: typeof faultString === 'string' ? faultString : '' };
}

function written(value: XmlRpcValue): string {
  if (typeof value === 'string') return `<string>${escaped(value)}</string>`;
  if (typeof value === 'number') return `<int>${Math.trunc(value)}</int>`;
  if (typeof value === 'boolean') return `<boolean>${value ? 1 : 0}</boolean>`;
  if (value instanceof Uint8Array) return `<base64>${Buffer.from(value).toString('base64')}</base64>`;
  if (isList(value)) {
    const items = value.map(each => `<value>${written(each)}</value>`).join('');
    return `<array><data>${items}</data></array>`;
  }
  const members = Object.entries(value).map(
    ([name, each]) => `<member><name>${escaped(name)}</name><value>${written(each)}</value></member>`
  );
  return `<struct>${members.join('')}</struct>`;
}

function isList(value: XmlRpcValue): value is readonly XmlRpcValue[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(NO_XML, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

function read(value: Element): unknown {
  const typed = elements(value.children)[0];
  // Without a type it is a text.
  if (!typed) return DomUtils.textContent(value);
  const text = (): string => DomUtils.textContent(typed);
  switch (typed.name) {
    case 'int':
    case 'i4':
    case 'double':
      return Number(text());
    case 'boolean':
      return text().trim() === '1';
    case 'base64':
      return Buffer.from(text(), 'base64');
    case 'array':
      return elements(typed.children).flatMap(data => elements(data.children).map(read));
    case 'struct':
      return Object.fromEntries(
        elements(typed.children).map(member => {
          const [name, inner] = elements(member.children);
          return [name ? DomUtils.textContent(name).trim() : '', inner && read(inner)];
        })
      );
    default:
      return text();
  }
}

function elements(nodes: Nodes | Element['children']): Element[] {
  return DomUtils.getElementsByTagName('*', nodes as Nodes, false);
}
