import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { toldParameters } from '../../../../server/schedule/notify/parameters.js';
import { atTime, inTime, median, oneLine, shorten } from '../../../../server/schedule/notify/words.js';
import { filled } from '../../../../server/configuration/notify.js';
import { afterHome } from '../../../support/schedule/after.js';

describe('what people are told', () => {
  it('names parameters and never a secret', async () => {
    const at = afterHome();
    at.ran(at.add({ notify: { failure: ['chat'] } }), 'FAILED', {
      parameters: {
        month: 9,
        day: '2026-11-22',
        api_token: 'abcdef',
        door: { $env: 'DOOR' },
        note: 'the key is hunter2hunter2',
        long: 'x'.repeat(1000)
      },
      error: { name: 'E', firstLine: 'Traceback', lastLine: 'E: hunter2hunter2' },
      notifications: [{ text: 'hunter2hunter2 leaked' }]
    });
    await at.process('one').settle();
    for (const { delivery } of at.received) {
      expect(JSON.stringify(delivery)).not.toMatch(/hunter2|abcdef|DOOR/);
    }
    const { parameters, error } = at.received.find(({ delivery }) => delivery.notice.kind === 'failure')!.delivery
      .notice;
    expect(error?.lastLine).toBe('E: [secret]');
    expect(parameters.map(({ name, value }) => `${name} ${value.slice(0, 12)}`)).toEqual(
      [
        'month 9',
        'day 2026-11-22',
        'api_token (a secret)',
        'door (a secret)',
        'note the key is [',
        'long xxxxxxxxxxxx'
      ].map(text => text.slice(0, text.indexOf(' ') + 13))
    );
    expect(parameters.at(-1)?.value).toHaveLength(200);
  });

  it('says how long it took beside what is usual, and when it was due on its own clock', async () => {
    const at = afterHome();
    const schedule = at.add({ notify: { failure: ['chat'] }, when: { cron: '0 8 * * *', zone: 'Asia/Kathmandu' } });
    for (let count = 0; count < 3; count++) at.ran(schedule, 'SUCCEEDED');
    at.ran(schedule, 'FAILED', { seconds: 252 });
    await at.process('one').settle();
    expect(at.received[0]?.delivery.notice.run).toMatchObject({
      seconds: 252,
      usually: 12,
      due: 'Mon, 23 Nov 2026, 13:15 (Asia/Kathmandu)'
    });
  });

  it('never has more than one line in its title', async () => {
    const at = afterHome();
    const schedule = at.add({ notify: { success: ['chat'] } });
    at.ran(schedule, 'SUCCEEDED', { notifications: [{ text: 'one\r\nBcc: eve@example.org\u2028two' }] });
    await at.process('one').settle();
    const titles = at.received.map(({ delivery }) => delivery.notice.title);
    expect(titles).toContain('Morning delays: one Bcc: eve@example.org two');
  });
});

describe('words', () => {
  it.each([
    [0.44, '0.4 s'],
    [9.96, '10 s'],
    [59.7, '1 min'],
    [252, '4 min 12 s'],
    [7500, '2 h 5 min'],
    [7200, '2 h']
  ])('%d seconds are %s', (seconds, words) => expect(inTime(seconds)).toBe(words));

  it('times are those of the zone, on the day a clock is set too', () => {
    expect(atTime('2026-10-25T01:30:00Z', 'Europe/Paris')).toBe('Sun, 25 Oct 2026, 02:30 (Europe/Paris)');
  });

  it('the middle of numbers', () => {
    expect([median([]), median([3]), median([5, 1, 9]), median([1, 2, 3, 10])]).toEqual([undefined, 3, 5, 2.5]);
  });

  it('cut texts are well formed and no longer than they may be', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 2, max: 50 }), (text, most) => {
        const cut = shorten(text, most);
        expect(cut.length).toBeLessThanOrEqual(most);
        expect(cut.isWellFormed()).toBe(true);
        expect(oneLine(text, most)).not.toMatch(/[\n\r\u2028]/);
      })
    );
  });

  it('many parameters are counted', () => {
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`p${n}`, n]));
    expect(toldParameters(many, text => text)).toHaveLength(21);
    expect(toldParameters(many, text => text).at(-1)).toEqual({ name: '…', value: '5 more' });
  });

  it.each([
    ['ada', 'ada@example.org'],
    ['ada.lovelace-1', 'ada.lovelace-1@example.org'],
    ['ada\nBcc: eve', undefined],
    ['a,b', undefined],
    ['<!channel>', undefined],
    ['', undefined]
  ])('the owner %j in a template', (owner, address) => {
    expect(filled('{owner}@example.org', owner)).toBe(address);
  });
});
