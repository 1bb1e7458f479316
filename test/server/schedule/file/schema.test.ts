import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { scheduleFileJsonSchema } from '../../../../contract/schedule/index.js';
import { printScheduleFile } from '../../../../server/schedule/file/print.js';
import { someSpec } from '../../../support/schedule/specs.js';

const file = 'docs/users/lakeside.schema.json';

test(`${file} is what the code says (else: npm run schedule-schema)`, () => {
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(scheduleFileJsonSchema())));
});

/** What another program's validator finds wrong with files, by their place in the list. */
function validated(files: readonly unknown[]): string[][] {
  const program = [
    'import json, sys',
    'from jsonschema import Draft202012Validator as V',
    `v = V(json.load(open(${JSON.stringify(file)})))`,
    'V.check_schema(v.schema)',
    'print(json.dumps([[e.json_path for e in v.iter_errors(f)] for f in json.load(sys.stdin)]))'
  ].join('\n');
  const said = execFileSync(resolve('.venv/bin/python'), ['-c', program], {
    input: JSON.stringify(files),
    encoding: 'utf8'
  });
  return JSON.parse(said) as string[][];
}

test(
  'a validator of editors takes what Lakeside writes, and names the key of what is wrong',
  { timeout: 120_000 },
  () => {
    const good = fc.sample(someSpec(), 30).map(spec => parse(printScheduleFile([spec])) as unknown);
    expect(validated(good).flat()).toEqual([]);
    const least = { name: 'A', notebook: { path: 'a.ipynb' }, when: { cron: '@daily' } };
    const bad: [object, string][] = [
      [{ ...least, nmae: 'x' }, '$.schedules[0]'],
      [{ ...least, when: { cron: 5 } }, '$.schedules[0].when.cron'],
      [{ ...least, policy: { overlap: 'sometimes' } }, '$.schedules[0].policy.overlap'],
      [{ ...least, policy: { retries: 11 } }, '$.schedules[0].policy.retries'],
      [{ ...least, when: { cron: '@daily', start: '2026-02-30' } }, '$.schedules[0].when.start'],
      [{ name: 'A' }, '$.schedules[0]']
    ];
    const found = validated(bad.map(([spec]) => ({ schedules: [spec] })));
    for (const [at, [, path]] of bad.entries()) expect(found[at]).toContain(path);
  }
);
