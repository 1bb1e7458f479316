import fc from 'fast-check';
import { hostileText } from '../wikis/hostileText.js';
import { someCron } from './cron.js';

/** A megabyte of one text. */
const mega = (text: string): string => text.repeat(Math.ceil(2 ** 20 / text.length)).slice(0, 2 ** 20);

/** What a scanner, a pattern or a recursion may stumble over, a megabyte of each. */
const long = fc
  .constantFrom(
    'x',
    '{{',
    '{{ ds }}',
    '}}',
    ' ',
    '[',
    ']',
    '{',
    '* ',
    ',',
    '1,',
    '- ',
    'é',
    '😀',
    '\\',
    '"',
    "'",
    '&a ',
    '*a ',
    ': ',
    '# ',
    '%',
    '\n',
    '\t',
    '!',
    '0',
    '../'
  )
  .map(mega);

const text = fc.oneof(
  { weight: 200, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 200, arbitrary: hostileText() },
  { weight: 1, arbitrary: long }
);

/** Five fields that nearly are a cron expression. */
const cron = fc.oneof(
  someCron(),
  fc
    .array(fc.stringMatching(/^[0-9*/,\-a-zA-Z#?LW@]{0,8}$/), { minLength: 0, maxLength: 7 })
    .map(fields => fields.join(' ')),
  fc.constantFrom(
    '@reboot',
    '@every 5m',
    '0 0 31 2 *',
    '0 0 30 2 *',
    '60 * * * *',
    '*/0 * * * *',
    '0 0 * * 8',
    '99999999999999999999 * * * *'
  ),
  text
);

const zone = fc.oneof(
  fc.constantFrom(
    'UTC',
    'Europe/Paris',
    'utc+2',
    '+02:00',
    'CET',
    'Europe/Pariss',
    '../../etc/passwd',
    'Etc/GMT+12',
    'constructor',
    '__proto__'
  ),
  text
);

const name = fc.oneof(
  fc.constantFrom('n', '__proto__', 'constructor', 'toString', 'import os', 'a-b', '1a', 'é', 'print("x")', ''),
  text
);

const scalar = fc.oneof(
  text,
  fc.double(),
  fc.bigInt().map(String),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('{{ ds }}', '{{ dss }}', '{{ __proto__ }}', '{{ constructor }}', '{{', '}} {{')
);

const value = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 })
  )
})).value;

/** A schedule of which some part is not right, most of the time. */
const entry = fc.record(
  {
    version: fc.oneof(fc.constant(1), scalar),
    name: fc.oneof(fc.string({ minLength: 1, maxLength: 20 }), text),
    owner: text,
    notebook: fc.oneof(
      fc.record(
        { path: fc.oneof(fc.constant('a.ipynb'), text), mode: fc.oneof(fc.constant('pin'), text) },
        { requiredKeys: ['path'] }
      ),
      value
    ),
    when: fc.oneof(
      { weight: 5, arbitrary: fc.record({ cron, zone, start: scalar, end: scalar }, { requiredKeys: ['cron'] }) },
      { weight: 1, arbitrary: value }
    ),
    parameters: fc.oneof(fc.dictionary(name, value, { maxKeys: 5 }), value),
    policy: fc.oneof(fc.record({ retries: scalar, timeout: scalar, overlap: scalar }, { requiredKeys: [] }), value),
    output: fc.oneof(fc.constantFrom('runs/{{ ds }}', 'runs/{{ what }}/', '/etc/{{ds}}', 'a/../b'), text),
    tags: fc.oneof(fc.array(text, { maxLength: 3 }), value),
    notify: value,
    environment: value
  },
  { requiredKeys: ['name', 'notebook', 'when'] }
);

/** YAML that is more than data: tags, anchors, merges, several documents, laughter. */
const odd = fc.constantFrom(
  '!!python/object/apply:os.system [ls]',
  '!!js/function "x"',
  '!!binary aGVsbG8=',
  '!!timestamp 2026-11-21',
  '!!set {a, b}',
  '!!omap [a: 1]',
  '!custom {a: 1}',
  '&a [*a]',
  '&a {b: *a}',
  '*nothing',
  '{<<: {name: x}}',
  '? [a, b]\n: c',
  '{[a]: 1}',
  '{__proto__: {x: 1}}',
  '{? {} : 1}',
  '---\n...\n---\nb',
  '"\\x00\\u0000\\ud800"',
  '0x1f',
  '1e400',
  '.nan',
  '|\n  a\n b',
  '>-9\n x',
  '%TAG ! tag:x\n---\na'
);

/** Aliases of aliases: nine to the power of the levels. */
function laughter(levels: number): string {
  const lines = ['l0: &l0 [x, x, x, x, x, x, x, x, x]'];
  for (let at = 1; at <= levels; at++)
    lines.push(
      `l${at}: &l${at} [${Array(9)
        .fill(`*l${at - 1}`)
        .join(', ')}]`
    );
  return lines.join('\n');
}

/** A good schedule, as it is written by hand. */
export const goodEntry = (title: string): string =>
  `  - name: ${title}\n    notebook: { path: a.ipynb }\n    when: { cron: 30 7 * * 1-5 }\n`;

/** What stands in a file of schedules beside good ones. `json` is YAML too. */
export const badEntry = entry.map(given =>
  JSON.stringify(given, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item))
);

/** A whole file that is odd. */
export const oddFile = fc.oneof(
  odd.map(text => `schedules:\n${goodEntry('Good')}    parameters:\n      x: ${text}\n`),
  odd.map(text => `schedules: ${text}\n`),
  odd,
  text,
  long.map(text => `schedules:\n${goodEntry('Good')}    description: ${text}\n`),
  long.map(text => `schedules: ${text}`),
  fc.integer({ min: 1, max: 12 }).map(levels => `${laughter(levels)}\nschedules: *l${levels}\n`),
  fc
    .integer({ min: 1, max: 12 })
    .map(levels => `${laughter(levels)}\nschedules:\n${goodEntry('Good')}    parameters: { x: *l${levels} }\n`),
  fc.integer({ min: 1, max: 20_000 }).map(depth => `schedules: ${'['.repeat(depth)}${']'.repeat(depth)}`),
  fc.integer({ min: 1, max: 20_000 }).map(depth => `schedules: ${'{a: '.repeat(depth)}1${'}'.repeat(depth)}`)
);
