/** A text as a literal of Python, on one line and in printable characters wherever an editor might change others. */
export function pythonText(text: string): string {
  // JSON's escapes are Python's too; editors and IPython take these characters for ends of lines.
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}

/** Whether a text goes through an editor, a notebook file and IPython as it is. */
export function survivesEditors(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  return !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff]/.test(
    text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')
  );
}

/** A name for a variable, made of a table's: letters, digits and underscores, no word of Python. */
export function variableName(table: string): string {
  const name = table
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40);
  if (name === '') return 'rows';
  return /^\d/.test(name) || taken.has(name) ? `t_${name}` : name;
}

/** Python's words, and the names that the snippets themselves use. */
const taken = new Set(
  (
    'and as assert async await break class continue def del elif else except finally for from global if import in is ' +
    'lambda nonlocal not or pass raise return try while with yield match case type none true false ' +
    'lakeside pd pl ds table spark print list dict set str int float len sum min max id'
  ).split(' ')
);

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
