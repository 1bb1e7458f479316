import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createProcessTable } from '../../../../server/adapters/process-table/index.js';

test('tells a process that lives from one that ended', async () => {
  const table = createProcessTable();
  expect(table.isGone(table.name)).toBe(false);
  const child = spawn('sleep', ['60']);
  const [machine, , start] = table.name.split('/');
  // Its start time is not this process's, so it is a later process with a reused id.
  expect(table.isGone([machine, child.pid, start, 'x'].join('/'))).toBe(true);
  const living = [machine, child.pid, '', 'x'].join('/');
  expect(table.isGone(living)).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(table.isGone(living)).toBe(true);
});

test('is never sure about other machines, containers and names of another kind', () => {
  const { isGone } = createProcessTable();
  for (const name of ['elsewhere/1/2/x', '', 'one', '///', 'elsewhere.1/999999/1/x']) expect(isGone(name)).toBe(false);
});

test('each process has a name of its own, also twice in one', () => {
  expect(createProcessTable().name).not.toBe(createProcessTable().name);
});
