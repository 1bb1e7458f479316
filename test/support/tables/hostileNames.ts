/** What breaks programs that put names into SQL, paths, lines, markup or keys. */
const fragments = [
  `"`,
  `""`,
  `'`,
  `''`,
  '`',
  '``',
  '\\',
  `\\'`,
  '.',
  '..',
  '\n',
  '\r\n',
  '\t',
  '\u001f',
  '\u007f',
  ' ',
  ';',
  `"; DROP TABLE x; --`,
  `'); DELETE FROM x; --`,
  '`; DROP TABLE x; #',
  '--',
  '/* x */',
  '#',
  '%',
  '%s',
  '%(x)s',
  '_',
  '$1',
  '$$',
  '?',
  ':x',
  '@x',
  '{{x}}',
  '${x}',
  '{}',
  '[]',
  '["a", "b"]',
  '<b>x</b>',
  '&amp;',
  '/',
  '../../etc/passwd',
  'C:\\x',
  '*',
  '|',
  '~',
  '=',
  ',',
  '()',
  'é',
  'e\u0301',
  'ß',
  'İ',
  '中文',
  '表',
  'العربية',
  '\u202e',
  '\u200b',
  '\ufeff',
  '\u00a0',
  '🙂'
];

const whole = [
  ...[
    'select',
    'SELECT',
    'from',
    'table',
    'user',
    'order',
    'group',
    'null',
    'true',
    'default',
    'end',
    'all',
    'analyze'
  ],
  ...['MixedCase', 'mixedcase', 'MIXEDCASE', 'Mixed Case', 'camelCase', 'SCREAMING_CASE'],
  ...['123', '1e5', '-1', '0x1f', '1', 'NaN', 'None', 'nil'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__class__', 'index', 'CON', 'x.parquet', 'null.null'],
  ...[
    'year=2013',
    'a=b=c',
    '\\n',
    '\\\\n',
    '\\u0000',
    '%00',
    '%2F',
    '\\x41',
    "it's",
    'a"b"c',
    'a`b`c',
    'a.b.c',
    'a b c'
  ]
];

/** @param longest - most characters of a name, all of them of one byte */
function long(longest: number): string[] {
  return ['x', 'Y', '"', '`', ' y', '.z'].map(part => part.repeat(longest).slice(0, longest - 1) + 'e');
}

/**
 * More than 200 names of tables that a database may have.
 *
 * @param accepts - whether this source can have a table of that name at all
 */
export function hostileNames(longest: number, accepts: (name: string) => boolean): string[] {
  const names = [
    ...whole,
    ...long(longest),
    ...fragments.flatMap(each => [each, `a${each}b`, `${each}X`, `y${each}${each}Z`])
  ];
  return [...new Set(names)].filter(accepts);
}
