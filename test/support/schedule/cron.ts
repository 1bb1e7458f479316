import fc from 'fast-check';

/** Expressions of numbers, ranges, steps and lists, often enough in the hours in which clocks change. */
export function someCron(): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.oneof(...['*/15', '0', '30', '45,59'].map(fc.constant), field(0, 59)),
      fc.oneof(...['*', '0-3', '2', '1,2', '23,0'].map(fc.constant), field(0, 23)),
      fc.oneof({ weight: 4, arbitrary: fc.constant('*') }, field(1, 31)),
      fc.oneof({ weight: 6, arbitrary: fc.constant('*') }, field(1, 12)),
      fc.oneof({ weight: 4, arbitrary: fc.constant('*') }, field(0, 6))
    )
    .map(fields => fields.join(' '));
}

function field(min: number, max: number): fc.Arbitrary<string> {
  const range = fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const part = fc.oneof(
    fc.integer({ min, max }).map(String),
    range.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)),
    fc
      .tuple(range, fc.integer({ min: 1, max: 7 }))
      .map(([[from, to], step]) => (from === to ? String(from) : `${from}-${to}/${step}`)),
    fc.integer({ min: 2, max: 20 }).map(step => `*/${Math.min(step, max)}`)
  );
  return fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => parts.join(','));
}
