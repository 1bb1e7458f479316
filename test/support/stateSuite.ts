/** What every implementation of the state's ports does, in a database or in memory. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Job } from '../../contract/jobs.js';
import type { JobStore, Leases } from '../../server/jobs/ports.js';
import type { Binding, Bindings, GateMemory, Place } from '../../server/share/ports.js';

type IsGone = (holder: string) => boolean;

const AT = '2026-01-01T00:00:00.000Z';

export const sampleJob = (id: string, more: Partial<Job> = {}): Job => ({
  id,
  kind: 'share',
  state: 'queued',
  owner: 'ada',
  createdAt: AT,
  updatedAt: AT,
  steps: [],
  ...more
});

const place = (path: string): Place => ({ root: 'file:', path });
const bind = (path: string, notebookId: string): Binding => ({
  place: place(path),
  notebookId,
  owner: 'ada',
  seen: undefined
});

/** Jobs and their events. */
export function jobStoreSuite(make: (isGone?: IsGone) => JobStore): void {
  test('a job is made once; events are numbered; only its worker changes it', () => {
    const jobs = make();
    expect(jobs.create(sampleJob('A'), { path: 'a' }).created).toBe(true);
    const again = jobs.create(sampleJob('A', { owner: 'eve' }), { path: 'b' });
    expect(again.created).toBe(false);
    expect(again.stored).toMatchObject({ job: { owner: 'ada' }, input: { path: 'a' } });

    expect(
      jobs.update(sampleJob('A', { state: 'running' }), { type: 'state', job: sampleJob('A') }, 'me')
    ).toBeUndefined();
    expect(jobs.claim('A', 'me', 100, 0)).toBe(true);
    expect(jobs.claim('A', 'other', 100, 50)).toBe(false);
    expect(jobs.update(sampleJob('A', { state: 'running' }), { type: 'state', job: sampleJob('A') }, 'me')).toBe(2);
    expect(jobs.checkpoint('A', { at: 1 }, 'me')).toBe(true);
    expect(jobs.claim('A', 'other', 200, 100)).toBe(true);
    expect(jobs.checkpoint('A', { at: 2 }, 'me')).toBe(false);
    expect(jobs.update(sampleJob('A'), { type: 'state', job: sampleJob('A') }, 'me')).toBeUndefined();
    expect(jobs.get('A')).toMatchObject({ checkpoint: { at: 1 }, job: { state: 'running' } });
    expect(jobs.look('A')).toEqual({ job: sampleJob('A', { state: 'running' }), cancelRequested: false });
    jobs.requestCancel('A');
    expect(jobs.look('A')?.cancelRequested).toBe(true);
    expect(jobs.look('B')).toBeUndefined();
    expect(jobs.events('A', 0).map(event => event.id)).toEqual([1, 2]);
    expect(jobs.events('A', 1).map(event => event.id)).toEqual([2]);
  });

  test('an ended job stays as it is, is nobody’s, and is forgotten with its events', () => {
    const jobs = make();
    jobs.create(sampleJob('A'), null);
    jobs.claim('A', 'me', 100, 0);
    const ended = sampleJob('A', { state: 'succeeded' });
    jobs.update(ended, { type: 'state', job: ended }, 'me');
    expect(jobs.update(sampleJob('A', { state: 'failed' }), { type: 'state', job: ended }, 'me')).toBeUndefined();
    expect(jobs.claim('A', 'other', 1e15, 1e14)).toBe(false);
    expect(jobs.orphans(1e15)).toEqual([]);
    jobs.requestCancel('A');
    expect(jobs.get('A')?.cancelRequested).toBe(false);
    expect(jobs.forget(Date.parse(AT))).toBe(0);
    expect(jobs.forget(Date.parse(AT) + 1)).toBe(1);
    expect(jobs.get('A')).toBeUndefined();
    expect(jobs.events('A', 0)).toEqual([]);
  });

  test('jobs whose worker is gone, or whose claim ran out, are orphans', () => {
    const gone = new Set<string>();
    const jobs = make(holder => gone.has(holder));
    for (const id of ['A', 'B', 'C']) jobs.create(sampleJob(id), null);
    jobs.claim('A', 'one', 100, 0);
    jobs.claim('B', 'two', 200, 0);
    const orphans = (now: number) => jobs.orphans(now).map(stored => stored.job.id);
    expect(orphans(50)).toEqual(['C']);
    expect(orphans(150)).toEqual(['A', 'C']);
    gone.add('two');
    expect(orphans(50)).toEqual(['B', 'C']);
    expect(jobs.claim('B', 'three', 300, 50)).toBe(true);
    jobs.release('A', 'one');
    expect(orphans(50)).toEqual(['A', 'C']);
  });

  test('lists the owner’s jobs, newest first', () => {
    const jobs = make();
    for (const id of ['A', 'C', 'B']) jobs.create(sampleJob(id), null);
    jobs.create(sampleJob('D', { owner: 'eve' }), null);
    jobs.claim('B', 'me', 100, 0);
    jobs.update(sampleJob('B', { state: 'failed' }), { type: 'state', job: sampleJob('B') }, 'me');
    expect(jobs.list('ada', { active: false, limit: 10 }).map(({ id }) => id)).toEqual(['C', 'B', 'A']);
    expect(jobs.list('ada', { active: true, limit: 10 }).map(({ id }) => id)).toEqual(['C', 'A']);
    expect(jobs.list('ada', { active: false, limit: 1 }).map(({ id }) => id)).toEqual(['C']);
  });
}

/** Leases. */
export function leaseSuite(make: (isGone?: IsGone) => Leases): void {
  test('a lease has one holder until it runs out, is given up, or its holder is gone', () => {
    const gone = new Set<string>();
    const leases = make(holder => gone.has(holder));
    expect(leases.take('x', 'a', 100, 0)).toBe(true);
    expect(leases.take('x', 'b', 100, 99)).toBe(false);
    expect(leases.take('x', 'a', 150, 50)).toBe(true);
    leases.release('x', 'b');
    expect(leases.take('x', 'b', 200, 149)).toBe(false);
    expect(leases.take('x', 'b', 300, 150)).toBe(true);
    leases.release('x', 'b');
    expect(leases.take('x', 'c', 400, 0)).toBe(true);
    gone.add('c');
    expect(leases.take('x', 'a', 400, 0)).toBe(true);
  });
}

/** Bindings of places to notebooks. */
export function bindingSuite(make: () => Bindings): void {
  test('a binding comes back as it was put', () => {
    const bindings = make();
    const whole = {
      ...bind('/a', 'N1'),
      seen: { size: 3, modified: 12.75, contentHash: 'h' },
      heldId: 'N0',
      gone: true
    };
    bindings.put(whole);
    bindings.put(bind('/b', 'N1'));
    expect(bindings.at(place('/a'))).toEqual(whole);
    expect(bindings.of('N1')).toEqual([whole, bind('/b', 'N1')]);
    expect(bindings.at({ root: 'contents:', path: '/a' })).toBeUndefined();
    bindings.remove(place('/a'));
    expect(bindings.at(place('/a'))).toBeUndefined();
  });

  test('a renamed file takes its binding along and replaces the one at its target', () => {
    const bindings = make();
    bindings.put(bind('/a', 'N1'));
    bindings.put(bind('/b', 'N2'));
    bindings.move(place('/a'), place('/b'));
    expect(bindings.at(place('/a'))).toBeUndefined();
    expect(bindings.at(place('/b'))?.notebookId).toBe('N1');
    expect(bindings.of('N2')).toEqual([]);
  });

  test('a renamed file is there again; what was deleted in a renamed folder stays deleted', () => {
    const bindings = make();
    bindings.put({ ...bind('/a', 'N1'), gone: true });
    bindings.put({ ...bind('/d/b', 'N2'), gone: true });
    bindings.put(bind('/d/c', 'N3'));
    bindings.move(place('/a'), place('/x'));
    bindings.move(place('/d'), place('/e'));
    expect(bindings.at(place('/x'))).toEqual(bind('/x', 'N1'));
    expect(bindings.at(place('/e/b'))).toEqual({ ...bind('/e/b', 'N2'), gone: true });
    expect(bindings.at(place('/e/c'))).toEqual(bind('/e/c', 'N3'));
  });

  test('what the file looked like is kept for the notebook it was read for only', () => {
    const bindings = make();
    bindings.put(bind('/a', 'N1'));
    bindings.saw(place('/a'), 'N2', { size: 1, modified: 1, contentHash: 'h' });
    expect(bindings.at(place('/a'))?.seen).toBeUndefined();
    bindings.saw(place('/a'), 'N1', { size: 1, modified: 1, contentHash: 'h' });
    expect(bindings.at(place('/a'))?.seen).toEqual({ size: 1, modified: 1, contentHash: 'h' });
    bindings.saw(place('/nowhere'), 'N1', undefined);
    expect(bindings.at(place('/nowhere'))).toBeUndefined();
  });

  test('a deleted folder marks everything below it, and nothing beside it', () => {
    const bindings = make();
    for (const path of ['/d/a', '/d/e/b', '/d', '/d0', '/d.x/a', '/dd/a']) bindings.put(bind(path, 'N'));
    bindings.markGone(place('/d'));
    const gone = bindings.of('N').filter(binding => binding.gone);
    expect(gone.map(binding => binding.place.path)).toEqual(['/d', '/d/a', '/d/e/b']);
  });

  test('a change by name is made once, and a failed one not at all', () => {
    const bindings = make();
    let runs = 0;
    expect(bindings.once('e1', () => runs++)).toBe(true);
    expect(bindings.once('e1', () => runs++)).toBe(false);
    expect(runs).toBe(1);
    expect(() =>
      bindings.once('e2', () => {
        bindings.put(bind('/a', 'N1'));
        throw new Error('no');
      })
    ).toThrow('no');
    expect(bindings.at(place('/a'))).toBeUndefined();
    expect(bindings.once('e2', () => bindings.put(bind('/a', 'N1')))).toBe(true);
    expect(bindings.at(place('/a'))?.notebookId).toBe('N1');
  });

  const part = fc.constantFrom('a', 'b', 'c', 'a0', 'a.', 'ü', '%', '_');
  const path = fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => `/${parts.join('/')}`);
  const isBelow = (inner: string, outer: string) => inner.startsWith(`${outer}/`);

  test('moves do what a file system does', () => {
    fc.assert(
      fc.property(
        fc.array(path, { maxLength: 12 }),
        fc.array(fc.tuple(path, path), { maxLength: 6 }),
        (files, moves) => {
          const bindings = make();
          const model = new Map<string, string>();
          for (const [index, file] of files.entries()) {
            bindings.put(bind(file, `N${index}`));
            model.set(file, `N${index}`);
          }
          for (const [from, to] of moves) {
            if (from === to || isBelow(to, from) || isBelow(from, to)) continue;
            bindings.move(place(from), place(to));
            for (const [file, id] of [...model]) {
              if (file !== from && !isBelow(file, from)) continue;
              model.delete(file);
              model.set(to + file.slice(from.length), id);
            }
          }
          const ids = [...new Set(files.map((_, index) => `N${index}`))];
          const found = ids.flatMap(id => bindings.of(id).map(bound => [bound.place.path, id] as const));
          expect(new Map(found)).toEqual(model);
        }
      ),
      { numRuns: 100 }
    );
  });
}

/** What the secret gate remembers. */
export function gateSuite(make: () => GateMemory): void {
  const finding = { fingerprint: 'a'.repeat(24), reason: 'a made-up one', by: 'ada', at: AT };

  test('the key of a home is 32 bytes, and stays', () => {
    const gate = make();
    expect(gate.key()).toMatch(/^[0-9a-f]{64}$/);
    expect(gate.key()).toBe(gate.key());
    expect(make().key()).not.toBe(gate.key());
  });

  test('what is no secret counts for its notebook; the last word counts, and can be taken back', () => {
    const gate = make();
    gate.remember('N1', finding);
    gate.remember('N1', { ...finding, fingerprint: 'b'.repeat(24) });
    gate.remember('N1', { ...finding, reason: 'an example', by: 'eve' });
    expect(gate.of('N2')).toEqual([]);
    expect(gate.of('N1').map(each => [each.fingerprint[0], each.reason, each.by])).toEqual([
      ['a', 'an example', 'eve'],
      ['b', 'a made-up one', 'ada']
    ]);
    gate.forget('N1', finding.fingerprint);
    gate.forget('N2', 'c'.repeat(24));
    expect(gate.of('N1').map(each => each.fingerprint[0])).toEqual(['b']);
  });

  test('a content is published as itself, or as the copy that was made of it last', () => {
    const gate = make();
    expect(gate.publishedAs('N1', 'source')).toBe('source');
    gate.notePublished('N1', 'source', 'copy 1');
    gate.notePublished('N1', 'source', 'copy 2');
    expect(gate.publishedAs('N1', 'source')).toBe('copy 2');
    expect(gate.publishedAs('N2', 'source')).toBe('source');
    gate.notePublished('N1', 'source', undefined);
    expect(gate.publishedAs('N1', 'source')).toBe('source');
  });
}
