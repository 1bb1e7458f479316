import { Refused, type TwinPage, type TwinStore } from './store.js';

const TERM = /^(type|label|space|title)\s*(=|~)\s*("(?:[^"\\]|\\.)*"|[\w-]+)$/i;

/** Answers the part of Confluence's query language that the twin knows; refuses the rest. */
export function search(store: TwinStore, cql: string): TwinPage[] {
  const [where = '', order, ...more] = cql.split(/\s+order by\s+/i);
  if (more.length > 0 || (order !== undefined && !/^lastmodified desc$/i.test(order))) bad(cql);
  const terms = where.split(/\s+and\s+(?=(?:[^"\\]|\\.|"(?:[^"\\]|\\.)*")*$)/i).map(term => {
    const [, field = '', operator = '', value = ''] = TERM.exec(term.trim()) ?? bad(cql);
    const text = value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
    return { field: field.toLowerCase(), operator, text };
  });
  return store.indexedPages().flatMap(entry => {
    const page = store.current(entry.id);
    const fits = terms.every(({ field, operator, text }) => {
      if (field === 'type' && operator === '=') return text === 'page';
      if (field === 'label' && operator === '=') return entry.labels.includes(text);
      if (field === 'space' && operator === '=') return page?.space.key.toLowerCase() === text.toLowerCase();
      return field === 'title' && operator === '~' ? hasWords(entry.title, text) : bad(cql);
    });
    return fits && page ? [page] : [];
  });
}

/** Full text search for all the words, the last of which may be the beginning of one. */
function hasWords(title: string, query: string): boolean {
  if (/[+&|!(){}[\]^~?:\\/]/.test(query) || /\*(?!$)/.test(query))
    throw new Refused(400, `Could not parse cql : ${query}`);
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const wanted = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return wanted.every((word, at) =>
    words.some(each => (at === wanted.length - 1 && query.endsWith('*') ? each.startsWith(word) : each === word))
  );
}

function bad(cql: string): never {
  throw new Refused(400, `Could not parse cql : ${cql}`);
}
