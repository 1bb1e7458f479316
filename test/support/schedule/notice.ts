import type { Delivery, Notice } from '../../../server/schedule/notify/ports.js';

/** A notice of a run that failed, with all that a notice can have. */
export function someNotice(more: Partial<Notice> = {}): Notice {
  return {
    kind: 'failure',
    title: 'Morning delays failed in cell 7',
    text: 'Cell 7 failed: ValueError: no flights on 2026-11-22',
    advice: 'Open the run in JupyterLab, mend the cell, and run it again from there.',
    owner: 'ada',
    mention: '<@U024BE7LH>',
    schedule: { id: '01KAQ0000000000000000000S1', name: 'Morning delays', notebook: 'reports/delays.ipynb' },
    run: {
      id: '01KAQ0000000000000000000R1',
      state: 'FAILED',
      dueAt: '2026-11-23T06:30:00.000Z',
      due: 'Mon, 23 Nov 2026, 07:30 (Europe/Paris)',
      attempts: 2,
      seconds: 252,
      usually: 230
    },
    cell: { number: 7, firstLine: 'delays = flights.groupby("carrier").dep_delay.mean()' },
    error: {
      name: 'ValueError',
      firstLine: 'Traceback (most recent call last):',
      lastLine: 'ValueError: no flights on 2026-11-22'
    },
    checks: [],
    messages: ['Only 3 of 16 carriers have delivered their data.'],
    parameters: [
      { name: 'day', value: '2026-11-22' },
      { name: 'carriers', value: '["AA","DL","UA"]' },
      { name: 'api_token', value: '(a secret)' }
    ],
    links: [{ title: 'Open the output', url: 'https://lab.example.org/lakeside/api/v1/runs/01KAQ0/page' }],
    ...more
  };
}

/** The same on its way. */
export function someDelivery(notice: Partial<Notice> = {}, more: Partial<Delivery> = {}): Delivery {
  return {
    id: '01KAQ0000000000000000000N1',
    attempt: 1,
    at: '2026-11-23T06:34:12.000Z',
    notice: someNotice(notice),
    ...more
  };
}
