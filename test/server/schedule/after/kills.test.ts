import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { afterHome, idle } from '../../../support/schedule/after.js';
import { dose } from '../../../support/dose.js';

/** Every point that the code names, read from the code, so that none is forgotten. */
const points = [
  ...new Set(
    globSync('server/schedule/{after,notify,publish}/**/*.ts').flatMap(file =>
      [...readFileSync(file, 'utf8').matchAll(/failPoint\('([\w:-]+)'\)/g)].map(match => match[1] ?? '')
    )
  )
];

/** At which point a process stands still for ever, the how-manieth time it is reached. */
interface Death {
  point: string;
  count: number;
}

/** Ends some runs, lets processes die one after another, and lets a last one finish. */
async function story(states: readonly ('SUCCEEDED' | 'FAILED')[], deaths: readonly Death[]) {
  const at = afterHome();
  const schedule = at.add({
    publish: {},
    notify: { failure: ['owner', 'chat'], recovery: ['chat', 'mail'], success: ['hook'] }
  });
  const runs = states.map(state => at.ran(schedule, state, { notifications: [] }));
  let died = 0;
  for (const [number, { point, count }] of deaths.entries()) {
    let left = count;
    const life = { isOver: false };
    const dying = at.process(`p${number}`, name => {
      if (life.isOver || (name === point && --left === 0)) {
        life.isOver = true;
        return new Promise<never>(() => undefined);
      }
      return undefined;
    });
    for (let turn = 0; turn < 8 && !life.isOver; turn++) {
      dying.turn();
      await idle();
    }
    if (life.isOver) died++;
    at.gone.add(dying.instance);
  }
  const last = at.process('last');
  await last.settle();
  return { at, runs, last, died };
}

/** Who is to be told of what, by the rules of the schedule above. */
function expected(states: readonly ('SUCCEEDED' | 'FAILED')[]): string[] {
  return states.flatMap((state, number) => {
    if (state === 'FAILED') return [`${number} mail failure`, `${number} chat failure`];
    const isRecovery = states[number - 1] === 'FAILED';
    return [`${number} hook success`, ...(isRecovery ? [`${number} chat recovery`, `${number} mail recovery`] : [])];
  });
}

function check({ at, runs, last }: Awaited<ReturnType<typeof story>>, states: readonly ('SUCCEEDED' | 'FAILED')[]) {
  const idsOf = new Map<string, Set<string>>();
  for (const { channel, delivery } of at.received) {
    const key = `${runs.findIndex(({ id }) => id === delivery.notice.run.id)} ${channel} ${delivery.notice.kind}`;
    idsOf.set(key, (idsOf.get(key) ?? new Set()).add(delivery.id));
  }
  // Nothing is lost, and whatever came twice came under one id.
  expect([...idsOf.keys()].sort()).toEqual(expected(states).sort());
  for (const [key, ids] of idsOf) expect(ids.size, key).toBe(1);
  const failed = states.flatMap((state, number) => (state === 'FAILED' ? [runs[number]!.id] : []));
  expect(
    last.toasts
      .waiting('ada')
      .map(({ runId }) => runId)
      .sort()
  ).toEqual(failed.sort());
  for (const [number, state] of states.entries()) {
    const { id } = runs[number]!;
    const names = new Set(at.orders.filter(({ run }) => run.id === id).map(({ opId }) => opId));
    const isOutdone = states.slice(number + 1).includes('SUCCEEDED');
    expect(names.size, `publications of run ${number}`).toBe(state === 'SUCCEEDED' && !isOutdone ? 1 : 0);
    expect(at.store.run(id)?.published?.state).toBe(state === 'FAILED' ? undefined : isOutdone ? 'skipped' : 'done');
  }
  expect(last.outbox.ends(10)).toEqual([]);
}

it.each(points)(
  'a process that dies at %s: nothing is lost, and only what was handed over comes twice',
  async point => {
    const states = ['FAILED', 'SUCCEEDED'] as const;
    const told = await story(states, [{ point, count: 1 }]);
    expect(told.died, 'the point is reached').toBe(1);
    check(told, states);
    const twice = told.at.received.length - expected(states).length;
    // Four are handed over side by side, and the death of the process is the death of all.
    const [least, most] = point === 'notify:handed-over' ? [1, 4] : [0, 0];
    expect(twice).toBeGreaterThanOrEqual(least);
    expect(twice).toBeLessThanOrEqual(most);
  }
);

it('processes that die anywhere, one after another', async () => {
  const { runs, seed } = dose('notices under kills', { ci: 40, full: 400 });
  const death = fc.record({ point: fc.constantFrom(...points), count: fc.integer({ min: 1, max: 4 }) });
  const states = fc.array(fc.constantFrom('SUCCEEDED' as const, 'FAILED' as const), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(states, fc.array(death, { maxLength: 4 }), async (ended, deaths) => {
      check(await story(ended, deaths), ended);
    }),
    { numRuns: runs, seed }
  );
}, 600_000);
