import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { fakeId } from '../../../support/fakeLakeside.js';
import { dialogOf, eventually, everyParameter, FakeSchedules, runOf, specOf } from './support.js';

async function opened(
  prepare: (fake: FakeSchedules) => void = () => undefined,
  subject?: Parameters<typeof dialogOf>[1]
) {
  const fake = new FakeSchedules();
  prepare(fake);
  const model = dialogOf(fake, subject);
  await model.load();
  return { fake, model };
}

describe('the dialog of a notebook', () => {
  test('begins with what the server proposes', async () => {
    const { fake, model } = await opened(({ form }) => (form.parameters = everyParameter));
    expect(fake.calls[0]).toMatchObject({ id: 'schedule.form', query: { path: 'delays.ipynb' } });
    expect(model.state).toMatchObject({ phase: 'form', schedule: undefined, draft: { cron: '30 7 * * 1-5' } });
    expect(model.state.draft?.parameters).toHaveLength(everyParameter.length);
    await eventually(() => expect(model.times.state.times).toEqual(fake.times));
  });

  test('says why it cannot begin, and tries again', async () => {
    const { fake, model } = await opened(each =>
      each.fail('schedule.form', new ProblemError('file-not-found', 'There is no file.'))
    );
    expect(model.state).toMatchObject({ phase: 'failed', problem: { message: 'There is no file.' } });
    await model.load();
    expect(model.state.phase).toBe('form');
    expect(fake.count('schedule.form')).toBe(2);
  });

  test('saves what was filled in', async () => {
    const { fake, model } = await opened(({ form }) => (form.parameters = everyParameter));
    model.change({ name: ' Late again ', cron: '@daily', zone: 'Asia/Shanghai', retries: '2', isPublished: true });
    model.setParameter('month', '10');
    model.setParameter('day', '{{ ds }}');
    model.setParameter('share', '0.7');
    model.setParameter('share', undefined);
    const saved = await model.save();
    expect(fake.sent('schedule.create')).toEqual(
      specOf({
        name: 'Late again',
        when: { cron: '0 0 * * *', zone: 'Asia/Shanghai' },
        parameters: { month: 10, day: '{{ ds }}' },
        policy: { retries: 2 },
        publish: { target: 'library' }
      })
    );
    expect(saved?.spec.name).toBe('Late again');
  });

  test('names every field that is not right, before the server is asked', async () => {
    const { fake, model } = await opened(({ form }) => (form.parameters = everyParameter));
    model.change({
      name: '  ',
      cron: '61 * * * *',
      timeout: 'long',
      retries: '-1',
      start: '2026-02-01',
      end: '2026-01-01'
    });
    model.setParameter('month', 'nine');
    expect(await model.save()).toBeUndefined();
    expect(fake.count('schedule.create')).toBe(0);
    expect(Object.keys(model.state.errors).toSorted()).toEqual([
      'name',
      'parameters.month',
      'policy.retries',
      'policy.timeout',
      'when.cron'
    ]);
    expect(model.state.refusals).toBe(1);
    expect(model.state.errors['parameters.month']).toMatch(/whole number/);
    model.setParameter('month', '9');
    model.change({ cron: '1 * * * *' });
    expect(Object.keys(model.state.errors).toSorted()).toEqual(['name', 'policy.retries', 'policy.timeout']);
  });

  test('shows what the server refuses at its field', async () => {
    const { fake, model } = await opened();
    const message = 'when.cron never comes. No month has such a day. Correct the day or the month.';
    fake.fail('schedule.create', new ProblemError('invalid', message, { errors: [{ field: 'when.cron', message }] }));
    expect(await model.save()).toBeUndefined();
    expect(model.state.errors).toEqual({
      'when.cron': 'Never comes. No month has such a day. Correct the day or the month.'
    });
    expect(model.state.problem).toBeUndefined();
    fake.fail('schedule.create', new ProblemError('file-not-found', 'There is no file delays.ipynb.'));
    await model.save();
    expect(model.state.errors).toEqual({ 'notebook.path': 'There is no file delays.ipynb.' });
    fake.fail('schedule.create', new ProblemError('storage-full', 'The disk is full.'));
    await model.save();
    expect(model.state).toMatchObject({ errors: {}, problem: { message: 'The disk is full.' }, refusals: 3 });
  });

  test('makes one schedule, also where the answer to the first try was lost', async () => {
    const { fake, model } = await opened();
    fake.lost.add('schedule.create');
    expect(await model.save()).toBeUndefined();
    const [id] = fake.schedules.keys();
    expect(model.state.problem?.message).toBe('The answer was cut off.');
    model.change({ name: 'Another name' });
    const saved = await model.save();
    expect([...fake.schedules.keys()]).toEqual([id]);
    expect(saved?.spec.name).toBe('Another name');
    expect(fake.schedules.get(id!)?.spec.name).toBe('Another name');

    const { fake: calm, model: other } = await opened();
    calm.lost.add('schedule.create');
    await other.save();
    await other.save();
    expect(calm.schedules.size).toBe(1);
    expect(calm.count('schedule.update')).toBe(0);
  });

  test('reads the parameters of another notebook and keeps what was filled in', async () => {
    const { fake, model } = await opened(({ form }) => (form.parameters = everyParameter));
    model.setParameter('month', '10');
    model.setParameter('share', 'half');
    model.change({ path: 'other.ipynb' });
    fake.form = { ...fake.form, parameters: [{ name: 'month', type: 'int', default: 1 }] };
    await model.readNotebook();
    expect(fake.calls.at(-1)?.query).toMatchObject({ path: 'other.ipynb' });
    expect(model.state.draft?.parameters.map(({ parameter, text }) => [parameter.name, text])).toEqual([
      ['month', '10'],
      ['share', 'half']
    ]);
    await model.readNotebook();
    expect(fake.count('schedule.form')).toBe(2);
    fake.fail('schedule.form', new ProblemError('file-not-found', 'There is no file.'));
    await model.readNotebook(true);
    expect(model.state.errors).toEqual({ 'notebook.path': 'There is no file.' });
  });
});

describe('the dialog of a schedule', () => {
  const edit = { kind: 'schedule', scheduleId: fakeId(1) } as const;

  test('changes it, given the revision that was seen', async () => {
    const { fake, model } = await opened(each => each.add({ spec: specOf({ tags: ['kept'] }) }), edit);
    model.change({ name: 'Evening' });
    const saved = await model.save();
    expect(saved).toMatchObject({ revision: 4, spec: { name: 'Evening', tags: ['kept'] } });
    expect(fake.calls.at(-1)?.body).toMatchObject({ revision: 3 });
    expect(fake.count('schedule.create')).toBe(0);
  });

  test('shows that somebody else changed it: theirs, or over it', async () => {
    const { fake, model } = await opened(each => void each.add(), edit);
    fake.add({ revision: 5, spec: specOf({ name: 'Theirs' }) });
    model.change({ name: 'Mine' });
    expect(await model.save()).toBeUndefined();
    expect(model.state).toMatchObject({ conflict: { revision: 5 }, draft: { name: 'Mine' } });
    expect(await model.saveOver()).toMatchObject({ revision: 6, spec: { name: 'Mine' } });

    fake.add({ revision: 8, spec: specOf({ name: 'Theirs again' }) });
    await model.save();
    model.takeTheirs();
    expect(model.state).toMatchObject({
      conflict: undefined,
      draft: { name: 'Theirs again' },
      schedule: { revision: 8 }
    });
  });

  test('makes another like it', async () => {
    const { fake, model } = await opened(each => void each.add(), { kind: 'clone', scheduleId: fakeId(1) });
    expect(model.state).toMatchObject({ schedule: undefined, draft: { name: 'Copy of Morning delays' } });
    await model.save();
    expect(fake.schedules.size).toBe(2);
    expect(fake.schedules.get(fakeId(1))?.spec.name).toBe('Morning delays');
  });

  test('can name another notebook where its own is gone', async () => {
    const { fake, model } = await opened(each => {
      each.add({ spec: specOf({ parameters: { month: 3 } }) });
      each.fail('schedule.form', new ProblemError('file-not-found', 'There is no file delays.ipynb.'));
    }, edit);
    expect(model.state).toMatchObject({
      phase: 'form',
      form: { parametersProblem: 'There is no file delays.ipynb.' },
      draft: { parameters: [{ parameter: { name: 'month' }, text: '3' }] }
    });
    model.change({ path: 'moved/delays.ipynb' });
    await model.save();
    expect(fake.sent('schedule.update')).toMatchObject({
      notebook: { path: 'moved/delays.ipynb' },
      parameters: { month: 3 }
    });
  });
});

describe('the test before it is saved', () => {
  test('runs what is filled in, and leads back to the form', async () => {
    const { fake, model } = await opened();
    model.change({ name: 'Tried' });
    const tested = model.test();
    expect(model.state.phase).toBe('testing');
    fake.emit({ type: 'run', run: runOf('SUCCEEDED') });
    await tested;
    expect(fake.sent('schedule.test').name).toBe('Tried');
    model.leaveTest();
    expect(model.state).toMatchObject({ phase: 'form', test: undefined, draft: { name: 'Tried' } });
    expect(fake.count('schedule.create')).toBe(0);
  });

  test('is not begun with what is not right', async () => {
    const { fake, model } = await opened();
    model.change({ name: '' });
    await model.test();
    expect(model.state).toMatchObject({ phase: 'form', errors: { name: 'Must not be empty.' } });
    expect(fake.count('schedule.test')).toBe(0);
  });

  test('that the server refuses ends in the form, at the field', async () => {
    const { fake, model } = await opened();
    fake.fail('schedule.test', new ProblemError('file-unreadable', 'The file cannot be read.'));
    await model.test();
    expect(model.state).toMatchObject({ phase: 'form', errors: { 'notebook.path': 'The file cannot be read.' } });
  });

  test('ends with the dialog', async () => {
    const { fake, model } = await opened();
    void model.test();
    await eventually(() => expect(model.state.test?.state.run).toBeDefined());
    model.dispose();
    await eventually(() => expect(fake.count('runs.cancel')).toBe(1));
  });
});
