import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { junitCounts, playwrightCounts, vitestCounts } from '../../scripts/test/counts.mjs';
import { summaryOf } from '../../scripts/test/pool.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakeside-counts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(content: object | string): string {
  const path = join(folder, 'report');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('counts, names and reasons in a report', () => {
  test('of vitest; a file that could not be loaded or prepared is a failure', () => {
    const report = file({
      numPassedTests: 2,
      numFailedTests: 1,
      numPendingTests: 2,
      testResults: [
        { status: 'failed', name: 'broken.test.ts', message: 'no such module', assertionResults: [] },
        {
          status: 'failed',
          name: 'late.test.ts',
          message: 'no server',
          assertionResults: [{ status: 'skipped', fullName: 'late works' }]
        },
        {
          status: 'failed',
          name: 'a.test.ts',
          assertionResults: [
            { status: 'passed', fullName: 'a works', failureMessages: [] },
            { status: 'passed', fullName: 'a stumbles', failureMessages: ['too slow'] },
            { status: 'failed', fullName: 'a breaks', failureMessages: ['\u001b[31mexpected 1\u001b[39m\n  got 2'] }
          ]
        }
      ]
    });
    expect(vitestCounts(report)).toEqual({
      passed: 2,
      failed: 3,
      skipped: 2,
      names: [
        'broken.test.ts\n    no such module',
        'late.test.ts\n    no server',
        'a stumbles (passed on the second try)\n    too slow',
        'a breaks\n    expected 1\n    got 2'
      ]
    });
  });

  test('of pytest', () => {
    const report = file(`<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="5">
      <testcase classname="test.a" name="works" time="0.1" /><testcase classname="test.a" name="left" ><skipped/></testcase>
      <testcase classname="test.a" name="stumbles"><properties><property name="first-try" value="&lt;slow&gt;&#10;1 == 2" /></properties></testcase>
      <testcase classname="test.a" name="breaks[x]"><failure message="no">lines</failure></testcase>
      <testcase classname="test.a" name="falls"><error message="no">lines</error></testcase>
    </testsuite></testsuites>`);
    expect(junitCounts(report)).toEqual({
      passed: 2,
      failed: 2,
      skipped: 1,
      names: ['stumbles (passed on the second try)\n    <slow>\n    1 == 2', 'breaks[x]\n    no', 'falls\n    no']
    });
  });

  test('of Playwright; what passes on its second try has passed, and is named', () => {
    const error = { message: 'not there' };
    const spec = (title: string, status: string): object => {
      const results = status === 'expected' ? [{}] : [{ error }, {}];
      return { title, file: 'a.spec.ts', tests: [{ status, results }] };
    };
    const report = file({
      stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 },
      errors: [],
      suites: [
        {
          specs: [spec('works', 'expected')],
          suites: [{ specs: [spec('breaks', 'unexpected'), spec('slow', 'flaky')] }]
        }
      ]
    });
    const counts = playwrightCounts(report);
    expect(counts).toEqual({
      passed: 2,
      failed: 1,
      skipped: 0,
      names: ['a.spec.ts: breaks\n    not there', 'a.spec.ts: slow (passed on the second try)\n    not there']
    });
    expect(summaryOf([{ title: 'browser', counts, line: 'browser: 2 passed, 1 failed' }])).toEqual([
      'browser: 2 passed, 1 failed',
      '    a.spec.ts: breaks\n        not there',
      '    a.spec.ts: slow (passed on the second try)\n        not there'
    ]);
  });
});
