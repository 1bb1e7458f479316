import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createManualClock } from '../../../server/adapters/memory/clock.js';
import { createMemoryExclusive } from '../../../server/adapters/memory/exclusive.js';
import { createMemoryLog } from '../../../server/adapters/memory/log.js';
import { createAuditLog } from '../../../server/credentials/audit/log.js';
import type { AuditLog } from '../../../server/credentials/audit/log.js';
import { fullDose } from '../../support/dose.js';
import { scratch } from '../../support/scratch.js';

const LINES = 6;

async function written(): Promise<{ audit: AuditLog; file: string; head: string; again: () => AuditLog }> {
  const directory = scratch('lakeside-audit');
  const make = (): AuditLog =>
    createAuditLog({
      directory,
      exclusive: createMemoryExclusive(),
      clock: createManualClock(Date.UTC(2026, 10, 22)),
      log: createMemoryLog()
    });
  const audit = make();
  for (let line = 1; line <= LINES; line++) {
    await audit.add({ event: 'handed-out', profile: 'dev', session: `s${line}`, issue: line, by: 'kernel' });
  }
  return { audit, file: join(directory, 'audit.jsonl'), head: join(directory, 'audit-head.json'), again: make };
}

test('what is added is told, the newest first, from a file of its owner alone', async () => {
  const { audit, file } = await written();
  const report = await audit.report(2);
  expect(report).toMatchObject({ total: LINES, whole: true });
  expect(report.entries.map(entry => entry.number)).toEqual([6, 5]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('each flipped byte is found, at full doses each flipped bit', async () => {
  const { audit, file } = await written();
  const good = readFileSync(file);
  for (let at = 0; at < good.length; at++) {
    for (const bit of fullDose ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8]) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ (1 << bit);
      writeFileSync(file, bad);
      expect((await audit.report(1)).whole, `bit ${bit} of byte ${at}`).toBe(false);
    }
  }
  writeFileSync(file, good);
  expect((await audit.report(1)).whole).toBe(true);
}, 300_000);

test('each dropped, doubled or moved line is found, the last ones too', async () => {
  const { audit, file } = await written();
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const bad: string[][] = [];
  for (let at = 0; at < LINES; at++) {
    bad.push(lines.filter((_, line) => line !== at));
    bad.push(lines.slice(0, at));
    bad.push([...lines.slice(0, at), lines[at] ?? '', ...lines.slice(at)]);
    for (let other = at + 1; other < LINES; other++) {
      const moved = [...lines];
      [moved[at], moved[other]] = [moved[other] ?? '', moved[at] ?? ''];
      bad.push(moved);
    }
  }
  for (const each of bad) {
    writeFileSync(file, each.map(line => `${line}\n`).join(''));
    const { whole, detail } = await audit.report(1);
    expect(whole, each.length.toString()).toBe(false);
    expect(detail).toMatch(/line|record/);
  }
});

test('a whole other record, or none, is found', async () => {
  const one = await written();
  const other = await written();
  await other.audit.add({ event: 'signed-out', profile: 'dev', by: 'ada' });
  writeFileSync(one.file, readFileSync(other.file));
  expect((await one.audit.report(1)).whole).toBe(true);
  await other.audit.add({ event: 'signed-out', profile: 'dev', by: 'ada' });
  writeFileSync(one.file, readFileSync(other.file));
  expect((await one.audit.report(1)).detail).toContain('nobody noted');
  rmSync(one.file);
  expect((await one.audit.report(1)).detail).toContain('last 6 lines');
});

test('what a killed process left half written is cut off, and a line it did not note stays', async () => {
  const { file, head, again } = await written();
  const before = readFileSync(head, 'utf8');
  await again().add({ event: 'signed-out', profile: 'dev', by: 'ada' });
  writeFileSync(head, before);
  appendFileSync(file, '{"number":8,"at":"2026');
  expect(await again().report(1)).toMatchObject({ whole: true, total: 7 });
  await again().add({ event: 'signed-in', profile: 'dev', by: 'ada' });
  expect(await again().report(2)).toMatchObject({
    whole: true,
    total: 8,
    entries: [{ number: 8, event: 'signed-in' }, { event: 'signed-out' }]
  });
});

test('after a fault it goes on, and the fault stays told', async () => {
  const { file, again } = await written();
  writeFileSync(file, readFileSync(file, 'utf8').replace('"s3"', '"s9"'));
  await again().add({ event: 'signed-in', profile: 'dev', by: 'ada' });
  expect(await again().report(1)).toMatchObject({ whole: false, detail: expect.stringContaining('line 3') as string });
});
