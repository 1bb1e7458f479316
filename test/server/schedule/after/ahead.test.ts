import { describe, expect, it } from 'vitest';
import type { Outlook } from '../../../../server/schedule/credentials/ports.js';
import { afterHome } from '../../../support/schedule/after.js';

const at = (time: string): number => Date.parse(`2026-11-${time}:00Z`);

describe('before a run that would get no keys', () => {
  it.each<[string, Outlook, string | undefined]>([
    [
      'renewing ends before it',
      { until: at('24T06:00'), endsSoon: true },
      '07:00 (UTC) would not start. Its keys of dev can be renewed until Tue, 24 Nov 2026, 06:00 (UTC) only: sign in'
    ],
    ['nobody is signed in', { trouble: 'Nobody is signed in.', endsSoon: false }, 'Nobody is signed in.'],
    ['renewing ends after it', { until: at('24T08:00'), endsSoon: true }, undefined],
    ['somebody puts the end off all the time', { until: at('23T08:00'), endsSoon: false }, undefined],
    ['all is well', { endsSoon: false }, undefined]
  ])('its owner is told ahead, once, where %s', async (_, outlook, text) => {
    const home = afterHome();
    const daily = { when: { cron: '0 7 * * *' }, notify: { failure: ['chat'] } };
    const schedule = home.add({ ...daily, credentials: 'dev' });
    const never = home.add({ ...daily, name: 'Never ran', credentials: 'dev' });
    const none = home.add({ ...daily, name: 'Names none' });
    home.ran(schedule, 'SUCCEEDED');
    home.ran(none, 'SUCCEEDED');
    const asked: string[] = [];
    const credentials = {
      outlook: (wish: { schedule: string }) => {
        asked.push(wish.schedule);
        return Promise.resolve(outlook);
      }
    };
    const one = home.process('one', undefined, credentials);
    for (let round = 0; round < 3; round++) {
      await one.settle();
      home.pass(61);
    }
    expect(new Set(asked)).toEqual(new Set([schedule.id, never.id]));
    expect(home.told().sort()).toEqual(text === undefined ? [] : ['chat notify', 'mail notify']);
    expect(one.toasts.waiting('ada')).toMatchObject(
      text === undefined
        ? []
        : [
            {
              kind: 'notify',
              scheduleId: schedule.id,
              title: 'Morning delays: sign in before its next run',
              text: expect.stringContaining(text) as string
            }
          ]
    );
  });

  it('nobody is told long before it', async () => {
    const home = afterHome();
    const schedule = home.add({ when: { cron: '0 7 1 * *' }, credentials: 'dev' });
    home.ran(schedule, 'SUCCEEDED');
    const outlook = (): Promise<Outlook> => Promise.resolve({ trouble: 'Nobody is signed in.', endsSoon: false });
    const one = home.process('one', undefined, { outlook });
    await one.settle();
    expect(one.toasts.waiting('ada')).toEqual([]);
    home.clock.move(at('30T08:00') - home.clock.now());
    await one.settle();
    expect(one.toasts.waiting('ada')).toHaveLength(1);
  });
});
