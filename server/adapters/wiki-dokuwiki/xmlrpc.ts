/** What a call may carry. Bytes travel as base64. */
export type XmlRpcValue =
  string | number | boolean | Uint8Array | readonly XmlRpcValue[] | { readonly [name: string]: XmlRpcValue };

/** What came back: a value, or the refusal of the method. */
export type XmlRpcAnswer = { value: unknown } | { code: number; reason: string };

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
  const root = begin < 0 ? undefined : elementIn(text.slice(begin));
  const [inner] = root?.children ?? [];
  if (inner?.name === 'params') {
    const value = inner.children[0]?.children[0];
    return value && { value: read(value) };
  }
  const fault = inner?.name === 'fault' ? inner.children[0] : undefined;
  if (!fault) return undefined;
  const { faultCode, faultString } = read(fault) as { faultCode?: unknown; faultString?: unknown };
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

/** An element of an answer. XML-RPC knows neither attributes nor text beside elements. */
interface Element {
  name: string;
  children: Element[];
  text: string;
}

const TOKEN = /<(\/?)([\w.]+)\s*(\/?)>|<\?[^>]*>|([^<]+)/y;
/** DokuWiki nests four deep. */
const MAX_DEPTH = 100;

/** The first element of a text; undefined where it is not closed, or what is in it is no XML of this kind. */
function elementIn(text: string): Element | undefined {
  const open: Element[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length;) {
    const token = TOKEN.exec(text);
    if (!token || open.length > MAX_DEPTH) return undefined;
    const [, closes = '', name, empty, words] = token;
    const last = open.at(-1);
    if (words !== undefined && last) last.text += decoded(words);
    if (name === undefined) continue;
    if (closes === '') {
      const element: Element = { name, children: [], text: '' };
      last?.children.push(element);
      open.push(element);
    }
    if (closes !== '' || empty !== '') {
      const closed = open.pop();
      if (closed?.name !== name) return undefined;
      if (open.length === 0) return closed;
    }
  }
  return undefined;
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (all, hex?: string, decimal?: string, name = '') => {
    if (hex === undefined && decimal === undefined) return ENTITIES[name as string] ?? all;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

function read({ children, text }: Element): unknown {
  const [typed] = children;
  // Without a type it is a text.
  if (!typed) return text;
  switch (typed.name) {
    case 'int':
    case 'i4':
    case 'double':
      return Number(typed.text);
    case 'boolean':
      return typed.text.trim() === '1';
    case 'base64':
      return Buffer.from(typed.text, 'base64');
    case 'array':
      return typed.children.flatMap(data => data.children.map(read));
    case 'struct':
      return Object.fromEntries(
        typed.children.map(({ children: [name, value] }) => [name?.text.trim() ?? '', value && read(value)])
      );
    default:
      return typed.text;
  }
}
