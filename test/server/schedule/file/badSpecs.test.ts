import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import type { FieldError } from '../../../../contract/problem.js';
import { check } from '../../../../contract/client.js';
import { scheduleRoutes } from '../../../../contract/schedule/index.js';
import { inspectScheduleFile } from '../../../../server/schedule/file/read.js';
import { faultsOfSpec } from '../../../../server/schedule/file/check.js';
import type { InspectedFile } from '../../../../server/schedule/file/read.js';
import { badEntry, goodEntry, oddFile } from '../../../support/schedule/badSpecs.js';
import { dose } from '../../../support/dose.js';

/** The longest that anybody waits for an answer about a file. Milliseconds of work, the machine's load aside. */
const PATIENCE = 2000;

/** For the full dose. */
const LONGEST = 1_200_000;

function timed<T>(work: () => T): T {
  const before = process.cpuUsage();
  try {
    return work();
  } finally {
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(PATIENCE);
  }
}

/** Looks through a file; each fault is told with the field and a sentence. Undefined where it is refused as a whole. */
function inspect(text: string): InspectedFile | undefined {
  try {
    const inspected = timed(() => inspectScheduleFile('lakeside.yml', text));
    told(inspected.errors);
    return inspected;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    expect(error.status).toBe(422);
    told([{ field: '', message: error.message }, ...(error.errors ?? [])]);
    return undefined;
  }
}

function told(errors: readonly FieldError[]): void {
  for (const { field, message } of errors) {
    expect(field.length).toBeLessThan(8000);
    expect(message).toMatch(/^lakeside\.yml(, line \d+)?:? \S/);
    // A sentence for a person, not the megabyte that was wrong.
    expect(message.length).toBeLessThan(20_000);
  }
}

describe('bad schedules', () => {
  it(
    'are refused with field and sentence, quickly, and leave no doubt about the others of their file',
    () => {
      const { runs, seed } = dose('bad schedules beside good ones', { ci: 300, full: 14_000 });
      const found = { read: 0, refused: 0 };
      fc.assert(
        fc.property(badEntry, bad => {
          const text = `schedules:\n${goodEntry('Before')}  - ${bad}\n${goodEntry('After')}`;
          const inspected = inspect(text);
          found[inspected === undefined || inspected.errors.length > 0 ? 'refused' : 'read']++;
          // What is no YAML has no schedules at all.
          if (inspected === undefined) return;
          const { entries, errors } = inspected;
          expect(
            entries.map(({ name }) => name).filter(name => name === 'Before' || name === 'After').length
          ).toBeGreaterThanOrEqual(2);
          expect(entries).toHaveLength(3);
          // One of the same name is a fault of the later one.
          if (entries[1]?.name?.trim() !== 'Before') expect(entries[0]?.spec?.name).toBe('Before');
          for (const { spec, errors: own } of entries) expect(spec === undefined).toBe(own.length > 0);
          expect(errors.length > 0).toBe(entries.some(({ spec }) => spec === undefined));
        }),
        { numRuns: runs, seed }
      );
      expect(found.refused).toBeGreaterThan(found.read);
    },
    LONGEST
  );

  it(
    'as files that are odd: tags, anchors, laughter, depth, a megabyte of anything',
    () => {
      const { runs, seed } = dose('odd files of schedules', { ci: 50, full: 1000 });
      fc.assert(
        fc.property(oddFile, text => void inspect(text)),
        { numRuns: runs, seed }
      );
    },
    LONGEST
  );

  it('as bodies of routes that are nested without end', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    const spec = { name: 'A', notebook: { path: 'a.ipynb' }, when: { cron: '@daily' }, parameters: { deep } };
    const body = { opId: '01M7YXAS9Q8E2ZFJA3XFT0RRR1', spec };
    expect(() => check(scheduleRoutes.create.body, body, 'body')).toThrow(/too deep/);
  });

  it(
    'are refused by the routes in the same way: the field is named',
    () => {
      const { runs, seed } = dose('bad bodies', { ci: 150, full: 5000 });
      const opId = '01M7YXAS9Q8E2ZFJA3XFT0RRR1';
      fc.assert(
        fc.property(badEntry, bad => {
          const given = JSON.parse(bad) as unknown;
          try {
            const body = timed(() => check(scheduleRoutes.create.body, { opId, spec: given }, 'body')) as {
              spec: Parameters<typeof faultsOfSpec>[0];
            };
            for (const { path, sentence } of timed(() => faultsOfSpec(body.spec))) {
              expect(path.length).toBeGreaterThan(0);
              expect(sentence).toMatch(/\.$|…$|\?$/);
            }
          } catch (error) {
            if (!(error instanceof ProblemError)) throw error;
            expect(error.code).toBe('invalid');
            expect(error.errors?.[0]?.field).toMatch(/^spec/);
          }
        }),
        { numRuns: runs, seed }
      );
    },
    LONGEST
  );
});
