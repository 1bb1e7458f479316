import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Hints } from '../../../../server/share/gate/hints.js';
import { rules } from '../../../../server/share/gate/rules/index.js';
import type { FoundSecret } from '../../../../server/share/gate/types.js';
import { frameHtml, randomNumbers } from '../../../support/largeNotebooks.js';
import { kinds } from '../../../support/secrets/kinds.js';
import { Random } from '../../../support/secrets/random.js';

/** Hints that keep no rule from looking. */
class NoHints extends Hints {
  override mentions(): boolean {
    return true;
  }

  override get mayHoldKey(): boolean {
    return true;
  }
}

function found(text: string, hints: Hints): FoundSecret[] {
  const hits: FoundSecret[] = [];
  for (const kind of ['code', 'output'] as const)
    for (const rule of rules) rule(text, kind, hit => hits.push(hit), hints);
  return hits;
}

const same = (text: string): number => {
  const hits = found(text, new Hints(text));
  expect(hits, text).toEqual(found(text, new NoHints(text)));
  return hits.length;
};

test('hints keep no rule from finding what it would find without them', () => {
  const random = new Random(9);
  let count = 0;
  for (let round = 0; round < 10; round++) {
    for (const make of Object.values(kinds)) {
      const { text, code } = make(random);
      for (const form of [text, code ?? text, JSON.stringify(text), `\u00a0${text}`, text.replaceAll(' ', '\t')])
        count += same(form);
    }
  }
  expect(count).toBeGreaterThan(1000);
  const word = fc.constantFrom(
    ...[
      'curl',
      'mysql',
      ' -u',
      '\t-p',
      '\u00a0-w',
      ' --pass',
      ' ',
      '-',
      'me:Secr3t!pass',
      'JDBC:',
      'jdbc:hive2:',
      '//h/d;'
    ],
    ...['password=hunter2x;', 'Authorization', 'X-Api-Key', 'PRIVATE-TOKEN', 'Bearer', 'Cookie', ': ', '= ', 'sid='],
    ...[
      'xoxb-a1b2c3d4e5',
      'AKIA',
      'ABCDEFGH23456789',
      'ghp_',
      'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7',
      '\n',
      'ſ',
      'K',
      'İ',
      '.eyJ'
    ]
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), words => {
      same(words.join(''));
    }),
    { numRuns: 2000 }
  );
});

test('a table holds no key and mentions nothing', () => {
  const hints = new Hints(frameHtml(randomNumbers(3), 20, 5));
  expect(hints.mayHoldKey).toBe(false);
  expect(hints.mentions('bearer', '-token')).toBe(false);
  expect(new Hints('BEARER').mentions('x', 'bearer')).toBe(true);
});
