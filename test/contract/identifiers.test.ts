import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { label, Ulid } from '../../contract/identifiers.js';
import { Tags } from '../../contract/share/index.js';

describe('labels', () => {
  const Title = label(200);

  test('are trimmed', () => expect(Title.parse('  Delays \n')).toBe('Delays'));

  test.each(['', '   ', 'a\u0000b', 'a\nb', 'safe\u202Egnp.exe', 'x\u2066y', '\ud800', 'x'.repeat(201)])(
    'refuse %j',
    text => {
      expect(Title.safeParse(text).success).toBe(false);
    }
  );

  test('take every other writing', () => {
    for (const text of ['遅延 2013', 'Délais', 'تأخير', '🛫', 'a & <b>']) expect(Title.parse(text)).toBe(text);
  });

  test('never let a direction mark through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), text => {
        const parsed = Title.safeParse(text);
        return !parsed.success || !/[\u202a-\u202e\u2066-\u2069]/.test(parsed.data);
      })
    );
  });

  test('tags are unique', () => expect(Tags.parse(['a', ' a ', 'b'])).toEqual(['a', 'b']));
});

describe('ids', () => {
  test.each([
    '01JDA6C3P0000000000000000a',
    '81JDA6C3P0000000000000000A',
    '01JDA6C3P000000000000000IA',
    '',
    '../../../../../../../../../'
  ])('refuse %j', id => expect(Ulid.safeParse(id).success).toBe(false));
});
