/** A text as a value of Confluence's query language. */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** The words of a text as a search for titles that begin like them; undefined where it has none. */
export function titleSearch(text: string): string | undefined {
  // What is neither letter nor digit could be an operator of the search.
  const words = text.match(/[\p{L}\p{N}\p{M}]+/gu);
  return words ? quoted(`${words.join(' ')}*`) : undefined;
}
