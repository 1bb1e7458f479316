import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runAll, sumOf } from '../../scripts/test/pool.mjs';

const three = { passed: 3, failed: 0, skipped: 0 };

/** A run that is a program of Node.js. */
function run(title: string, program: string, read = () => three) {
  return { title, report: `pool-${title}.none`, command: () => [process.execPath, '-e', program], read };
}

let printed = '';
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    printed += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

describe('suites side by side', () => {
  test('are counted in the order given, and never printed into each other', async () => {
    const slow = run('slow', 'console.log("s1"); setTimeout(() => console.log("s2"), 600)');
    const quick = run('quick', 'console.log("q1"); console.error("q2")');
    const results = await runAll([slow, quick, run('last', 'console.log("l1")')], process.env);
    expect(results.map(({ title, counts }) => [title, counts])).toEqual([
      ['slow', three],
      ['quick', three],
      ['last', three]
    ]);
    const words = printed.match(/── \w+(?=:|\n)|\b[sql]\d\b/g);
    expect(words?.slice(0, 4)).toEqual(['── slow', 's1', 's2', '── slow']);
    expect(words?.slice(4, 8)).toEqual([
      '── quick',
      expect.stringMatching(/q/),
      expect.stringMatching(/q/),
      '── quick'
    ]);
    expect(words?.slice(8)).toEqual(['── last', 'l1', '── last']);
  });

  test.each([
    ['ends badly without naming a test', run('bad', 'process.exit(3)'), { passed: 3, failed: 1, skipped: 0 }],
    [
      'leaves no report',
      run('silent', '', () => {
        throw new Error('not there');
      }),
      { passed: 0, failed: 1, skipped: 0 }
    ],
    [
      'cannot be started',
      { ...run('missing', ''), command: () => ['/nowhere/at/all'], isOneCheck: true },
      { passed: 0, failed: 1, skipped: 0 }
    ],
    [
      'names its failures',
      run('named', 'process.exit(1)', () => ({ passed: 1, failed: 2, skipped: 0 })),
      { passed: 1, failed: 2, skipped: 0 }
    ]
  ])('a suite that %s is a failure', async (_what, given, counts) => {
    expect((await runAll([given], process.env)).map(result => result.counts)).toEqual([counts]);
  });

  test('end with Ctrl-C: nothing more is begun, and what was not run is a failure', async () => {
    const waits = ['one', 'two'].map(title => run(title, 'setTimeout(() => undefined, 60_000)'));
    const all = runAll([...waits, run('three', 'console.log("begun")')], process.env);
    setTimeout(() => process.emit('SIGINT'), 400);
    const results = await all;
    expect(results.at(-1)).toMatchObject({ counts: { passed: 0, failed: 1 }, line: 'three: not run' });
    for (const { counts } of results) expect(counts.failed).toBe(1);
    expect(printed).not.toContain('begun');
  });

  test('are summed', () => {
    expect(sumOf([three, { passed: 1, failed: 2, skipped: 4 }])).toEqual({ passed: 4, failed: 2, skipped: 4 });
  });
});
