import { describe, expect, it } from 'vitest';
import { readCron } from '../../../contract/schedule/cron.js';

describe('a cron expression', () => {
  it.each([
    ['30 7 * * 1-5', '30 7 * * 1-5'],
    ['  0\t0  1 * * ', '0 0 1 * *'],
    ['05 07 * * *', '5 7 * * *'],
    ['*/15 8-18/2 * * *', '*/15 8-18/2 * * *'],
    ['0 0 1,15 JAN-Mar *', '0 0 1,15 1-3 *'],
    ['0 9 * * mon,Wed,7', '0 9 * * 1,3,0'],
    ['0 9 * * 5-7', '0 9 * * 0,5,6'],
    ['0 9 * * 1-7/2', '0 9 * * 0,1,3,5'],
    ['@daily', '0 0 * * *'],
    ['@Weekly', '0 0 * * 0'],
    ['3-3 * * * *', '3 * * * *']
  ])('%j is read as %j', (text, cron) => {
    expect(readCron(text)).toEqual({ ok: true, cron });
    expect(readCron(cron)).toEqual({ ok: true, cron });
  });

  it.each([
    ['', /five fields and has 0/],
    ['* * * *', /five fields and has 4/],
    ['0 30 7 * * 1', /Leave the field of seconds out/],
    ['61 * * * *', /^minute: "61" must be a number from 0 to 59/],
    ['* 24 * * *', /^hour: "24" must be a number from 0 to 23/],
    ['* * 0 * *', /^day of the month: "0"/],
    ['* * L * *', /^day of the month: "l"/],
    ['* * ? * *', /^day of the month/],
    ['* * * 13 *', /^month: "13" must be a number from 1 to 12, or jan/],
    ['* * * * 8', /^day of the week: "8"/],
    ['* * * * mon#2', /^day of the week: "mon#2"/],
    ['H 9 * * *', /^minute: "h"/],
    ['*/0 * * * *', /^minute: the step "0" must be a number from 1 to 59/],
    ['*/ * * * *', /^minute: the step ""/],
    ['5/10 * * * *', /has no range. Write 5-59\/10/],
    ['22-4 * * * *', /runs backwards. Write it as two: 22-59,0-4/],
    ['1,,2 * * * *', /^minute: "" must be/],
    ['1-2-3 * * * *', /^minute: "1-2-3" must be/],
    ['-1 * * * *', /^minute: "" must be/],
    ['@reboot', /does not know "@reboot"/],
    ['@daily 5', /does not know "@daily"/],
    ['1e1 * * * *', /^minute: "1e1"/],
    ['٣ * * * *', /^minute: "٣"/]
  ])('%j is refused with the field and the cure', (text, message) => {
    const reading = readCron(text);
    expect(reading.ok).toBe(false);
    expect(reading).toMatchObject({ message: expect.stringMatching(message) });
  });
});
