import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ProblemError } from '../../../../contract/problem.js';
import { printScheduleFile } from '../../../../server/schedule/file/print.js';
import { readScheduleFile } from '../../../../server/schedule/file/read.js';
import { dose } from '../../../support/dose.js';
import { brokenFile, someSpec } from '../../../support/schedule/specs.js';

/** The sentences about a file. */
function faults(text: string): string[] {
  try {
    readScheduleFile('lakeside.yml', text);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.errors?.map(({ message }) => message) ?? [error.message];
  }
}

const least = `schedules:
  - name: Morning delays
    notebook: { path: delays.ipynb }
    when: { cron: 30 7 * * 1-5, zone: Europe/Paris }
`;

describe('a file of schedules', () => {
  it('may be short', () => {
    expect(readScheduleFile('lakeside.yml', least)).toMatchObject([
      {
        version: 1,
        name: 'Morning delays',
        notebook: { path: 'delays.ipynb', mode: 'follow' },
        when: { cron: '30 7 * * 1-5', zone: 'Europe/Paris' },
        where: 'local',
        policy: { overlap: 'skip', catchUp: 'none', retries: 0, timeout: '6h' },
        keep: { runs: 100, days: 90 }
      }
    ]);
  });

  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(fc.uniqueArray(someSpec(), { minLength: 1, maxLength: 4, selector: ({ name }) => name }), specs => {
        const text = printScheduleFile(specs);
        expect(readScheduleFile('lakeside.yml', text)).toEqual(specs);
        expect(printScheduleFile(readScheduleFile('lakeside.yml', text))).toBe(text);
      }),
      { numRuns: 300 }
    );
  });

  it('means the same to programs that read an older YAML', () => {
    const values = {
      day: '2026-11-21',
      yes: 'yes',
      off: 'off',
      time: '12:30:00',
      octal: '0777',
      none: '~',
      big: '1_000'
    };
    const [spec] = readScheduleFile('lakeside.yml', least);
    const text = printScheduleFile([{ ...spec!, parameters: values }]);
    expect((parse(text, { version: '1.1' }) as { schedules: object[] }).schedules[0]).toMatchObject({
      parameters: values
    });
  });

  it.each([
    ['schedules: [', /line 1: this is not YAML/],
    ['{}', /schedules is missing/],
    ['schedules: []', /schedules must hold one schedule at least/],
    [
      least.replace('zone: Europe/Paris', 'zone: Europe/Pariss'),
      /line 4: schedules\.0\.when\.zone must be the name of a time zone/
    ],
    [least.replace('zone: Europe/Paris', 'zone: "+02:00"'), /line 4: schedules\.0\.when\.zone must be the name/],
    [least.replace('30 7', '75 7'), /line 4: schedules\.0\.when\.cron minute: "75" must be a number from 0 to 59/],
    [least.replace('30 7 * * 1-5', '0 0 31 2 *'), /line 4: schedules\.0\.when\.cron never comes/],
    [
      least.replace('1-5,', '1-5, start: 2026-11-21, end: 2026-11-22,').replace('cron: 30', 'cron: 30'),
      /when\.cron never comes. It is not due between start and end/
    ],
    [`${least}    nmae: x\n`, /line 5: there is no key schedules\.0\.nmae\. Did you mean name\?/],
    [`${least}    parameters: { "2x": 1 }\n`, /line 5: schedules\.0\.parameters\.2x must be a name of letters/],
    [
      `${least}    parameters: { x: 12345678901234567890 }\n`,
      /line 5: schedules\.0\.parameters\.x .*too large to be kept exactly/
    ],
    [`${least}    parameters: { x: .inf }\n`, /line 5: schedules\.0\.parameters\.x must be/],
    [
      `${least}    parameters: { day: "as of {{ dz }}" }\n`,
      /line 5: schedules\.0\.parameters\.day holds \{\{ dz \}\}, which is no macro. Did you mean ds\?/
    ],
    [`${least}    parameters: { x: !secret abc }\n`, /line 5: this is not YAML: Unresolved tag/],
    [`${least}    parameters: { x: 1, x: 2 }\n`, /line 5: this is not YAML: Map keys must be unique/],
    [`${least}    output: a/../../b\n`, /line 5: schedules\.0\.output must not lead out/],
    [
      `${least}    policy: { timeout: 5 minutes }\n`,
      /line 5: schedules\.0\.policy\.timeout must be a whole number and one of s, m, h, d/
    ],
    [`${least}    policy: { retries: -1 }\n`, /line 5: schedules\.0\.policy\.retries/],
    [`${least}${least.replace('schedules:\n', '')}`, /line 5: schedules\.1\.name is the name of schedule 1 too/],
    [least.replace('delays.ipynb', '../delays.ipynb'), /line 3: schedules\.0\.notebook\.path must not lead out/]
  ])('%j is told with line, field and cure', (text, sentence) => {
    expect(faults(text).join('\n')).toMatch(sentence);
  });

  it('tells every fault, and a file of a megabyte or of many aliases ends quickly', () => {
    expect(faults(least.replace('30 7', '75 7').replace('.ipynb', ''))).toHaveLength(2);
    expect(faults(`${least}    description: ${'x'.repeat(1_000_000)}\n`)).toHaveLength(1);
    const laughs = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let at = 1; at < 9; at++) {
      const [name, before] = [String.fromCharCode(97 + at), String.fromCharCode(96 + at)];
      laughs.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`);
    }
    expect(faults(laughs.join('\n')).join()).toMatch(/Excessive alias count|no key/);
  });

  it('is taken or refused with a sentence, whatever it holds', () => {
    const { runs, seed } = dose('files of schedules', { ci: 1000, full: 20_000 });
    fc.assert(
      fc.property(brokenFile(), text => {
        for (const sentence of faults(text)) expect(sentence).toMatch(/^lakeside\.yml(, line \d+)?: \S/);
      }),
      { numRuns: runs, seed }
    );
  });

  it('knows no key that plain data cannot have', () => {
    expect(faults(`${least}    parameters: { __proto__: 1 }\n`).join()).toMatch(/line 5: a key here/);
    expect(faults(`${least}    parameters: { [a]: 1 }\n`).join()).toMatch(/line 5: a key here/);
  });
});
