import fc from 'fast-check';
import { ScheduleSpec } from '../../../contract/schedule/spec.js';
import type { ParameterValue } from '../../../contract/schedule/values.js';
import { printScheduleFile } from '../../../server/schedule/file/print.js';
import { hostileText } from '../wikis/hostileText.js';
import { someCron } from './cron.js';

const zones = ['UTC', 'Europe/Paris', 'Asia/Kathmandu', 'America/St_Johns', 'Australia/Lord_Howe'];
const word = fc.stringMatching(/^[A-Za-zÀ-ÿ一-龥:#&*!|>'"%@`-][A-Za-z0-9 ]{0,20}[a-z]$/);

const value: fc.Arbitrary<ParameterValue> = fc.letrec<{ value: ParameterValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc
      .oneof(hostileText(), fc.string({ unit: 'grapheme' }))
      .filter(text => text.isWellFormed() && !text.includes('{{')),
    fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isPlain)),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('yes', 'NO', '~', '1e3', '0x1f', '2026-11-21', '007', '', ' ', '{{ ds }}', 'as of {{ds}}'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(word, tie('value'), { maxKeys: 3 })
  )
})).value;

/** No negative zero, which JSON does not know, and no whole number beyond what is exact. */
function isPlain(number: number): boolean {
  return !Object.is(number, -0) && (!Number.isInteger(number) || Number.isSafeInteger(number));
}

/** Schedules of every shape, as they are after reading. */
export function someSpec(): fc.Arbitrary<ScheduleSpec> {
  const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/).filter(text => text !== '__proto__');
  return fc
    .record(
      {
        name: word,
        description: fc.string({ maxLength: 50 }),
        notebook: fc.record({ path: word.map(text => `${text}.ipynb`), mode: fc.constantFrom('follow', 'pin') }),
        when: fc.record({ cron: someCron(), zone: fc.constantFrom(...zones) }),
        parameters: fc.dictionary(name, value, { maxKeys: 5 }),
        environment: fc.record({ kernel: word, memory: fc.constantFrom('512Mi', '4Gi') }, { requiredKeys: [] }),
        policy: fc.record(
          {
            overlap: fc.constantFrom('skip', 'queue', 'replace', 'allow'),
            retries: fc.integer({ min: 0, max: 10 }),
            timeout: fc.constantFrom('90s', '2h', '1d')
          },
          { requiredKeys: [] }
        ),
        notify: fc.record({ failure: fc.array(word, { maxLength: 3 }) }),
        publish: fc.record({ target: word, hideCode: fc.boolean() }),
        tags: fc.array(word, { maxLength: 3 })
      },
      { requiredKeys: ['name', 'notebook', 'when'] }
    )
    .map(spec => ScheduleSpec.safeParse(spec).data)
    .filter(spec => spec !== undefined);
}

/** Files that nearly are schedules: a good one of which a piece was cut out, doubled or replaced. */
export function brokenFile(): fc.Arbitrary<string> {
  return fc
    .tuple(
      someSpec(),
      fc.nat(),
      fc.nat(30),
      fc.oneof(hostileText(), fc.constantFrom('', '&a ', '*a', '!!binary ', '? ', '- ', '\t', ': '))
    )
    .map(([spec, at, length, piece]) => {
      const text = printScheduleFile([spec]);
      const from = at % (text.length + 1);
      return text.slice(0, from) + piece + text.slice(from + length);
    });
}
