const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  times: '×',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  minus: '−',
  deg: '°',
  plusmn: '±',
  middot: '·',
  bull: '•',
  micro: 'µ',
  copy: '©',
  reg: '®',
  euro: '€',
  pound: '£',
  check: '✓',
  cross: '✗',
  vellip: '⋮',
  ctdot: '⋯',
  dtdot: '⋱',
  rarr: '→',
  larr: '←',
  le: '≤',
  ge: '≥',
  ne: '≠',
  infin: '∞'
};

/** Whether a text has named references that `decodeEntities` leaves as they are. */
export function hasRareEntity(text: string): boolean {
  if (!text.includes('&')) return false;
  for (const [, name = ''] of text.matchAll(/&([A-Za-z][A-Za-z0-9]{1,31});/g))
    if (!Object.hasOwn(NAMED, name)) return true;
  return false;
}

/** Decodes the character references that data frames use; unknown ones stay as they are. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));/g, (found, decimal, hex, name) => {
    if (typeof name === 'string') return Object.hasOwn(NAMED, name) ? (NAMED[name] as string) : found;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
  });
}
