import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { presetHits } from '../../../../server/share/gate/preset.js';
import { windowsOf } from '../../../../server/share/gate/windows.js';
import { frameHtml, randomNumbers } from '../../../support/largeNotebooks.js';
import { kinds } from '../../../support/secrets/kinds.js';
import { Random } from '../../../support/secrets/random.js';

const shown = (text: string): string[] => windowsOf(text).map(({ start, end }) => text.slice(start, end));
const noise = ['plain words', '0.12345678901234567 1e-300', '<td>123.4567</td>', '', 'loss=0.123456', 'é 日本語 …'];

test('whatever the preset finds in a text lies within its windows', async () => {
  const random = new Random(5);
  let found = 0;
  for (let round = 0; round < 5; round++) {
    for (const [kind, make] of Object.entries(kinds)) {
      const { text, code } = make(random);
      for (const form of [text, code ?? text, JSON.stringify(text), `x=${text};y`]) {
        const lines = Array.from({ length: random.below(6) }, () => random.pick(noise));
        const whole = [...lines, form, ...lines].join('\n');
        for (const { start, end } of await presetHits(whole)) {
          found++;
          const isInside = windowsOf(whole).some(window => window.start <= start && end <= window.end);
          expect(isInside, `${kind}: ${whole.slice(start, end)}`).toBe(true);
        }
      }
    }
  }
  expect(found).toBeGreaterThan(200);
});

test('windows are whole lines with their neighbours, in order, and do not touch', () => {
  const line = fc.constantFrom(...noise, 'key_abcdefghijkl1234', 'see https://x.org', 'ops_0123456789abcdefgh more');
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), lines => {
      const text = lines.join('\n');
      let last = -1;
      for (const { start, end } of windowsOf(text)) {
        expect(start).toBeGreaterThan(last);
        expect(start === 0 || text[start - 1] === '\n').toBe(true);
        expect(end === text.length || text[end] === '\n').toBe(true);
        last = end;
      }
      const inside = shown(text).join('\n');
      for (const each of lines) if (/_[a-z]{5}|:\/\/|ops_/.test(each)) expect(inside).toContain(each);
    })
  );
});

test('one line alone brings the line before and the line after', () => {
  expect(shown('a\nb\nkey_abcdefghijkl1234\nd\ne')).toEqual(['b\nkey_abcdefghijkl1234\nd']);
  expect(shown('key_abcdefghijkl1234')).toEqual(['key_abcdefghijkl1234']);
  expect(shown('\nkey_abcdefghijkl1234\n\n')).toEqual(['\nkey_abcdefghijkl1234\n']);
});

test('tables, numbers and pictures have none', () => {
  const random = randomNumbers(3);
  const picture = Buffer.from(Array.from({ length: 30_000 }, () => Math.floor(random() * 256))).toString('base64');
  expect(shown(frameHtml(random, 20, 5))).toEqual([]);
  expect(shown(picture)).toEqual([]);
  expect(shown(picture.replace(/.{76}/g, '$&\n').slice(0, 77 * 100))).toEqual([]);
  expect(shown(noise.join('\n'))).toEqual([]);
});

test('a private key takes the whole text', () => {
  const text = `a\nb\nc\n-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\nd\ne\nf`;
  expect(shown(text)).toEqual([text]);
});
