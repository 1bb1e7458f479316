import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { cluster, everyParameter, local, specOf } from './support.js';
import type { FakeSchedules } from './support.js';
import { field, focused, open, press, select, type, unfold } from './view.js';

afterEach(cleanup);

describe('when', () => {
  test('begins with the name in focus, the preset, the words and the next times', async () => {
    const note = 'The clocks go forward: 02:30 is 03:00.';
    await open(fake => {
      fake.times = {
        words: 'Every weekday at 07:30, Europe/Paris',
        next: [
          { at: '2026-11-23T06:30:00.000Z', civil: '2026-11-23T07:30', offset: '+01:00' },
          { at: '2026-11-24T06:30:00.000Z', civil: '2026-11-24T07:30', offset: '+01:00', note }
        ]
      };
    });
    expect(document.activeElement).toBe(field('Name'));
    expect(select('When').value).toBe('weekdays');
    expect(screen.getByLabelText<HTMLInputElement>('Time').value).toBe('07:30');
    expect(await screen.findByText('Every weekday at 07:30, Europe/Paris')).toBeTruthy();
    const times = within(screen.getByRole('list', { name: 'Next times' })).getAllByRole('listitem');
    expect(times).toHaveLength(2);
    expect(times[0]!.textContent).toMatch(/07:30/);
    expect(times[1]!.textContent).toContain(note);
  });

  test('presets write the expression, and the expression chooses the preset', async () => {
    const { model } = await open();
    fireEvent.change(select('When'), { target: { value: 'week' } });
    fireEvent.click(screen.getByRole('checkbox', { name: 'Mon' }));
    fireEvent.click(screen.getByRole('checkbox', { name: 'Sun' }));
    type(screen.getByLabelText('Time'), '18:05');
    expect(field('Cron').value).toBe('5 18 * * 0,2,3,4,5');
    fireEvent.change(select('When'), { target: { value: 'month' } });
    fireEvent.change(select('Day of the month'), { target: { value: '31' } });
    expect(field('Cron').value).toBe('5 18 31 * *');
    fireEvent.change(select('When'), { target: { value: 'hour' } });
    fireEvent.change(select('Minute'), { target: { value: '20' } });
    expect(model.state.draft?.cron).toBe('20 * * * *');
    fireEvent.change(select('When'), { target: { value: 'minute' } });
    expect(field('Cron').value).toBe('* * * * *');
    type(field('Cron'), '*/5 * * * *');
    expect(select('When').value).toBe('cron');
  });

  test('one day of the week stays; half a time changes nothing', async () => {
    const { model } = await open(fake => (fake.form.spec = specOf({ when: { cron: '0 9 * * 1' } })));
    fireEvent.click(screen.getByRole('checkbox', { name: 'Mon' }));
    expect(model.state.draft?.cron).toBe('0 9 * * 1');
    type(screen.getByLabelText('Time'), '');
    expect(model.state.draft?.cron).toBe('0 9 * * 1');
    fireEvent.blur(screen.getByLabelText('Time'));
    expect(screen.getByLabelText<HTMLInputElement>('Time').value).toBe('09:00');
  });

  test('an expression that is none is told while it is typed', async () => {
    await open();
    type(field('Cron'), '0 9 * *');
    expect((await screen.findByRole('alert')).textContent).toMatch(/Needs five fields and has 4/);
    expect(field('Cron').getAttribute('aria-invalid')).toBe('true');
  });
});

describe('parameters', () => {
  const withAll = (fake: FakeSchedules) => void (fake.form.parameters = everyParameter);

  test('stand in fields of their kinds, with what the notebook says', async () => {
    await open(withAll);
    expect(field('month').value).toBe('9');
    expect(field('month').inputMode).toBe('numeric');
    expect(screen.getByText('month of 2013')).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'dry_run' }).checked).toBe(false);
    expect(screen.getByLabelText<HTMLInputElement>('day').type).toBe('date');
    expect(field('title').tagName).toBe('TEXTAREA');
    expect([...select('mode').options].map(option => option.text)).toEqual(['fast', 'exact']);
    expect(field('api_token').placeholder).toBe('Name of a variable');
  });

  test('are typed, and go back to the default of the notebook', async () => {
    const { fake } = await open(withAll);
    type(field('month'), '10');
    fireEvent.click(screen.getByRole('checkbox', { name: 'dry_run' }));
    fireEvent.change(select('mode'), { target: { value: '"exact"' } });
    type(field('title'), "it's\n'''");
    type(field('api_token'), 'DB_PASSWORD');
    type(field('share'), '0.9');
    await press('Default of share');
    expect(field('share').value).toBe('0.5');
    expect(document.activeElement).toBe(field('share'));
    await press('Save schedule');
    expect(fake.sent('schedule.create').parameters).toEqual({
      month: 10,
      dry_run: true,
      mode: 'exact',
      title: "it's\n'''",
      api_token: { $env: 'DB_PASSWORD' }
    });
  });

  test('take a macro from the menu by keyboard', async () => {
    const { model } = await open(withAll);
    const menu = select('Macro for day');
    fireEvent.keyDown(menu, { key: 'ArrowDown' });
    expect(menu.getAttribute('aria-expanded')).toBe('true');
    const options = screen.getAllByRole('option', { name: /\{\{/ });
    expect(options[0]!.textContent).toContain('{{ ds }}');
    fireEvent.keyDown(menu, { key: 'i' });
    expect(document.getElementById(menu.getAttribute('aria-activedescendant')!)?.textContent).toContain(
      '{{ interval_start }}'
    );
    fireEvent.keyDown(menu, { key: 'Home' });
    fireEvent.keyDown(menu, { key: 'Enter' });
    expect(menu.getAttribute('aria-expanded')).toBe('false');
    const day = screen.getByLabelText<HTMLInputElement>('day');
    expect([day.value, day.type]).toEqual(['{{ ds }}', 'text']);
    await focused(day);
    fireEvent.keyDown(menu, { key: 'ArrowDown' });
    fireEvent.keyDown(menu, { key: 'Escape' });
    expect(menu.getAttribute('aria-expanded')).toBe('false');
    expect(model.state.draft?.parameters.find(each => each.parameter.name === 'day')?.given).toBe(true);
  });

  test('take a macro where the cursor is, in quotes where JSON wants them', async () => {
    await open(withAll);
    const pick = (name: string) => {
      fireEvent.click(select(`Macro for ${name}`));
      fireEvent.click(screen.getAllByRole('option', { name: /\{\{ ds \}\}/ })[0]!);
    };
    const title = screen.getByLabelText<HTMLTextAreaElement>('title');
    type(title, 'as of ');
    title.setSelectionRange(6, 6);
    pick('title');
    expect(title.value).toBe('as of {{ ds }}');
    const levels = screen.getByLabelText<HTMLTextAreaElement>('levels');
    type(levels, '[]');
    levels.setSelectionRange(1, 1);
    pick('levels');
    expect(levels.value).toBe('["{{ ds }}"]');
  });

  test('that cannot be told are explained; a value without a parameter can go', async () => {
    const { fake } = await open(each => {
      each.form.parametersProblem = 'The cell cannot be read: line 3.';
      each.form.spec = specOf({ parameters: { gone: 1 } });
    });
    expect(screen.getByText('The cell cannot be read: line 3.')).toBeTruthy();
    expect(screen.getByText('The notebook declares no such parameter.')).toBeTruthy();
    await press('Leave out gone');
    expect(document.activeElement).toBe(screen.getByRole('group', { name: 'Parameters' }));
    await press('Save schedule');
    expect(fake.sent('schedule.create').parameters).toEqual({});
  });

  test('that the notebook does not have are no riddle', async () => {
    await open();
    expect(screen.getByText(/This notebook has none/)).toBeTruthy();
  });
});

describe('what is not right', () => {
  test('the first has the focus, also where it was folded away', async () => {
    const { fake } = await open(each => void (each.form.parameters = everyParameter));
    const folded = unfold(/If it fails/);
    type(folded.getByLabelText('Time-out'), 'long');
    folded.getByLabelText('Time-out').closest('details')!.open = false;
    await press('Save schedule');
    await focused(screen.getByLabelText('Time-out'));
    expect(screen.getByLabelText('Time-out').closest('details')!.open).toBe(true);
    expect(screen.getByRole('alert').textContent).toMatch(/such as 90s, 15m, 2h or 1d/);
    type(field('month'), 'nine');
    await press('Save schedule');
    await focused(field('month'));
    expect(field('month').getAttribute('aria-describedby')).toBe(screen.getAllByRole('alert')[0]!.id);
    expect(fake.count('schedule.create')).toBe(0);
  });

  test('what is no field’s is said at the end', async () => {
    const { onSaved } = await open(fake => fake.fail('schedule.create', new ProblemError('storage-full', 'Full.')));
    await press('Save schedule');
    await focused(screen.getByText('Full.'));
    await press('Save schedule');
    expect(onSaved).toHaveBeenCalledOnce();
  });

  test('a notebook that cannot be read at all: why, and once more', async () => {
    const { onClose } = await open(fake => fake.fail('schedule.form', new ProblemError('file-not-found', 'Gone.')));
    expect(screen.getByRole('alert').textContent).toContain('Gone.');
    await press('Close');
    expect(onClose).toHaveBeenCalledOnce();
    await press('Retry');
    expect(field('Name')).toBeTruthy();
  });
});

describe('where', () => {
  test('with one place there is nothing to choose, and it says what it promises', async () => {
    await open();
    expect(screen.getByText('Runs while this server is up.')).toBeTruthy();
    expect(screen.queryByRole('radio', { name: /This server/ })).toBeNull();
  });

  test('what cannot do what is chosen is greyed, with the reason', async () => {
    const { model } = await open(fake => void (fake.form.backends = [local, cluster]));
    const radio = () => screen.getByRole<HTMLInputElement>('radio', { name: /Cluster/ });
    expect(radio().disabled).toBe(false);
    const folded = unfold(/If it fails/);
    fireEvent.change(folded.getByLabelText('Overlap'), { target: { value: 'queue' } });
    fireEvent.change(folded.getByLabelText('Missed'), { target: { value: 'all' } });
    expect(radio().disabled).toBe(true);
    expect(document.getElementById(radio().getAttribute('aria-describedby')!)?.textContent).toBe(
      'It cannot do what is chosen here: overlaps: "Let the new run wait", missed runs: "Run all of them".'
    );
    expect(folded.getByLabelText<HTMLInputElement>('At most').value).toBe('10');
    fireEvent.change(folded.getByLabelText('Overlap'), { target: { value: 'skip' } });
    fireEvent.change(folded.getByLabelText('Missed'), { target: { value: 'none' } });
    fireEvent.click(radio());
    expect(model.state.draft?.where).toBe('cluster');
    const queue = within(folded.getByLabelText('Overlap')).getByRole<HTMLOptionElement>('option', { name: /wait/ });
    expect([queue.disabled, queue.text]).toEqual([true, 'Let the new run wait (not on Cluster · 4 CPU 16 GB)']);
  });
});

describe('what is folded', () => {
  test('says in one line what it comes to', async () => {
    await open(fake => {
      fake.form.spec = specOf({ policy: { retries: 2 }, notify: { failure: ['owner'] }, publish: { target: 'wiki' } });
    });
    expect(screen.getByText('retry 2 times, skip the new run, tell you')).toBeTruthy();
    expect(screen.getByText('update its page in Data wiki')).toBeTruthy();
  });

  test('is saved: policy, who is told, publishing, environment', async () => {
    const { fake } = await open();
    const policy = unfold(/If it fails/);
    type(policy.getByLabelText('Retries'), '3');
    type(policy.getByLabelText('After'), '90s');
    type(policy.getByLabelText('Of a cell'), '10m');
    type(policy.getByLabelText('Late after'), '45m');
    fireEvent.click(policy.getByLabelText(/Retry a run that took too long/));
    fireEvent.click(policy.getByLabelText('Me: Failure'));
    fireEvent.click(policy.getByLabelText('Team chat: Late'));
    const after = unfold(/After success/);
    fireEvent.click(after.getByLabelText(/Update its page/));
    fireEvent.change(after.getByLabelText('Page in'), { target: { value: 'wiki' } });
    fireEvent.click(after.getByLabelText('Hide code'));
    fireEvent.click(after.getByLabelText('Me: Success'));
    const more = unfold(/Notebook, kernel/);
    fireEvent.click(more.getByLabelText(/as it is now/));
    fireEvent.change(more.getByLabelText('Kernel'), { target: { value: 'python3' } });
    type(more.getByLabelText('Memory'), '4Gi');
    type(more.getByLabelText('First day'), '2026-12-01');
    type(more.getByLabelText('Output'), 'out/{{ run_id }}/');
    await press('Save schedule');
    expect(fake.sent('schedule.create')).toEqual(
      specOf({
        notebook: { path: 'delays.ipynb', mode: 'pin' },
        when: { cron: '30 7 * * 1-5', zone: 'Europe/Paris', start: '2026-12-01' },
        environment: { kernel: 'python3', memory: '4Gi' },
        policy: { retries: 3, retryDelay: '90s', cellTimeout: '10m', lateAfter: '45m', retryTimeouts: true },
        notify: { failure: ['owner'], late: ['team'], success: ['owner'] },
        publish: { target: 'wiki', hideCode: true },
        output: 'out/{{ run_id }}/'
      })
    );
  });
});
