import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Job, JobEvent } from '../../../../contract/jobs.js';
import { createMemoryBindings } from '../../../../server/adapters/memory/bindings.js';
import { createMemoryJobStore, createMemoryLeases } from '../../../../server/adapters/memory/jobs.js';
import { openState } from '../../../../server/adapters/sqlite-state/index.js';
import type { JobStore, Leases } from '../../../../server/jobs/ports.js';
import type { Bindings } from '../../../../server/share/ports.js';
import { createTestClock, START } from '../../../support/library.js';

/** The fakes must say what the real ones say to the same questions in the same order. */

const ids = ['01K8A', '01K8B', '01K8C'].map(text => text.padEnd(26, '0'));
const workers = ['one', 'two', 'dead'];
const isGone = (worker: string) => worker === 'dead';
const openReal = () => openState({ file: ':memory:', clock: createTestClock(), isGone });

const id = fc.constantFrom(...ids);
const worker = fc.constantFrom(...workers);
const time = fc.integer({ min: 0, max: 100 });

function job(jobId: string, state: Job['state'], at: number): Job {
  const instant = new Date(START + at).toISOString();
  return {
    id: jobId,
    kind: 'share',
    state,
    owner: at % 2 === 0 ? 'ada' : 'bob',
    createdAt: instant,
    updatedAt: instant,
    steps: []
  };
}

const jobCalls = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('create' as const), id, at: time }),
    fc.record({
      do: fc.constant('update' as const),
      id,
      worker,
      at: time,
      state: fc.constantFrom<Job['state']>('queued', 'running', 'running', 'succeeded', 'failed', 'cancelled')
    }),
    fc.record({ do: fc.constant('checkpoint' as const), id, worker, at: time }),
    fc.record({ do: fc.constant('cancel' as const), id }),
    fc.record({ do: fc.constant('claim' as const), id, worker, until: time, now: time }),
    fc.record({ do: fc.constant('release' as const), id, worker }),
    fc.record({ do: fc.constant('look' as const), now: time }),
    fc.record({ do: fc.constant('forget' as const), at: time })
  ),
  { maxLength: 40 }
);
type JobCall = typeof jobCalls extends fc.Arbitrary<(infer T)[]> ? T : never;

function callJobs(store: JobStore, call: JobCall): unknown {
  switch (call.do) {
    case 'create':
      return store.create(job(call.id, 'queued', call.at), { asked: call.at });
    case 'update': {
      const changed = job(call.id, call.state, call.at);
      const event: JobEvent = { type: 'state', job: changed };
      // The owner of a job never changes.
      const known = store.get(call.id)?.job.owner ?? changed.owner;
      return store.update({ ...changed, owner: known }, event, call.worker);
    }
    case 'checkpoint':
      return store.checkpoint(call.id, { at: call.at, gone: undefined }, call.worker);
    case 'cancel': {
      store.requestCancel(call.id);
      return;
    }
    case 'claim':
      return store.claim(call.id, call.worker, START + call.until, START + call.now);
    case 'release': {
      store.release(call.id, call.worker);
      return;
    }
    case 'forget':
      return store.forget(START + call.at);
    case 'look':
      return [
        store.orphans(START + call.now),
        ...ids.map(each => [store.get(each), store.look(each), store.events(each, 0), store.events(each, 2)]),
        ...[true, false].map(active => store.list('ada', { active, limit: 2 }))
      ];
  }
}

const leaseCalls = fc.array(
  fc.record({ take: fc.boolean(), name: fc.constantFrom('a', 'b'), worker, until: time, now: time }),
  { maxLength: 30 }
);

function callLeases(leases: Leases, call: { take: boolean; name: string; worker: string; until: number; now: number }) {
  if (call.take) return leases.take(call.name, call.worker, call.until, call.now);
  leases.release(call.name, call.worker);
  return undefined;
}

const place = fc.record({
  root: fc.constantFrom('file:', 'contents:'),
  path: fc.constantFrom('/a', '/a/x.ipynb', '/a/y.ipynb', '/a/b/z.ipynb', '/ab/x.ipynb', '/c.ipynb', '/d')
});
const bindingCalls = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('put' as const), place, id, size: fc.nat(9), held: fc.boolean(), gone: fc.boolean() }),
    fc.record({ do: fc.constant('remove' as const), place }),
    fc
      .record({ do: fc.constant('move' as const), place, to: place })
      // No file system moves a folder into itself.
      .filter(({ place: from, to }) => !(from.root === to.root && to.path.startsWith(`${from.path}/`))),
    fc.record({ do: fc.constant('saw' as const), place, id, size: fc.nat(9) }),
    fc.record({ do: fc.constant('markGone' as const), place }),
    fc.record({ do: fc.constant('once' as const), place, name: fc.constantFrom('n1', 'n2'), fails: fc.boolean() })
  ),
  { maxLength: 25 }
);
type BindingCall = typeof bindingCalls extends fc.Arbitrary<(infer T)[]> ? T : never;

function callBindings(bindings: Bindings, call: BindingCall): unknown {
  const seen = (size: number) =>
    size === 0 ? undefined : { size, modified: size * 1.5, contentHash: 'h'.repeat(size) };
  switch (call.do) {
    case 'put': {
      bindings.put({
        place: call.place,
        notebookId: call.id,
        owner: 'ada',
        seen: seen(call.size),
        ...(call.held && { heldId: call.id }),
        ...(call.gone && { gone: true })
      });
      return;
    }
    case 'remove': {
      bindings.remove(call.place);
      return;
    }
    case 'move': {
      bindings.move(call.place, call.to);
      return;
    }
    case 'saw': {
      bindings.saw(call.place, call.id, seen(call.size));
      return;
    }
    case 'markGone': {
      bindings.markGone(call.place);
      return;
    }
    case 'once':
      try {
        return bindings.once(call.name, () => {
          bindings.remove(call.place);
          if (call.fails) throw new Error('half way');
        });
      } catch (error) {
        return String(error);
      }
  }
}

describe('fakes', () => {
  it('jobs', () => {
    fc.assert(
      fc.property(jobCalls, calls => {
        const real = openReal();
        const fake = createMemoryJobStore(isGone);
        for (const call of calls) expect(callJobs(fake, call), call.do).toEqual(callJobs(real.jobs, call));
        real.close();
      }),
      { numRuns: 200 }
    );
  });

  it('leases', () => {
    fc.assert(
      fc.property(leaseCalls, calls => {
        const real = openReal();
        const fake = createMemoryLeases(isGone);
        for (const call of calls) expect(callLeases(fake, call)).toEqual(callLeases(real.leases, call));
        real.close();
      })
    );
  });

  it('bindings', () => {
    fc.assert(
      fc.property(bindingCalls, fc.array(place), (calls, places) => {
        const real = openReal();
        const fake = createMemoryBindings();
        for (const call of calls) {
          expect(callBindings(fake, call), call.do).toEqual(callBindings(real.bindings, call));
          for (const each of [...places, call.place]) expect(fake.at(each)).toEqual(real.bindings.at(each));
          for (const each of ids) expect(fake.of(each)).toEqual(real.bindings.of(each));
        }
        real.close();
      })
    );
  });
});
