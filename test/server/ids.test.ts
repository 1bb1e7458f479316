import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ulid } from '../../contract/identifiers.js';
import { createIds } from '../../server/ids.js';
import type { Clock } from '../../server/ports.js';

test('ids only grow, whatever the clock does and whatever they must exceed', () => {
  const step = fc.record({ now: fc.integer({ min: 0, max: 2 ** 45 }), after: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), steps => {
      let now = 0;
      const clock: Clock = { now: () => now, monotonic: () => 0, sleep: () => Promise.resolve() };
      const ids = createIds(clock);
      const foreign = createIds({ ...clock, now: () => now + 3_600_000 });
      let last = '';
      for (const { now: next, after } of steps) {
        now = next;
        const floor = after ? foreign.next() : '';
        const id = ids.next(floor);
        expect(Ulid.safeParse(id).success).toBe(true);
        expect(id > last && id > floor).toBe(true);
        last = id;
      }
    })
  );
});
