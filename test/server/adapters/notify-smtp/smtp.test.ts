import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSmtpChannel } from '../../../../server/adapters/notify-smtp/index.js';
import { smtpPlugin } from '../../../../server/adapters/notify-smtp/plugin.js';
import { htmlOf } from '../../../../server/adapters/notify-smtp/html.js';
import { certificateOfLocalhost } from '../../../support/schedule/certificate.js';
import { silent } from '../../../support/schedule/after.js';
import { someDelivery, someNotice } from '../../../support/schedule/notice.js';
import { mailSink } from '../../../support/schedule/sinks.js';

const never = new AbortController().signal;

function channel(port: number, more: object = {}, password?: string) {
  const settings = smtpPlugin.config.parse({
    host: '127.0.0.1',
    port,
    security: 'none',
    from: 'Lakeside <lakeside@example.org>',
    to: ['team@example.org', 'boss@example.org'],
    ...more
  }) as Parameters<typeof createSmtpChannel>[0]['settings'];
  return createSmtpChannel({ settings, password, label: 'The mail', log: silent });
}

describe('a mail', () => {
  it('arrives over real SMTP as text and HTML, and says all there is', async () => {
    const sink = await mailSink();
    await channel(sink.port).deliver(someDelivery(), never);
    expect(sink.arrived).toHaveLength(1);
    const { from, to, mail } = sink.arrived[0]!;
    expect({ from, to }).toEqual({ from: 'lakeside@example.org', to: ['team@example.org', 'boss@example.org'] });
    expect(mail).toMatchObject({
      subject: 'Morning delays failed in cell 7',
      messageId: '<01KAQ0000000000000000000N1@example.org>',
      date: '2026-11-23T06:34:12.000Z',
      from: { name: 'Lakeside', address: 'lakeside@example.org' }
    });
    const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value;
    expect(header('x-lakeside-delivery')).toBe('01KAQ0000000000000000000N1');
    expect(header('auto-submitted')).toBe('auto-generated');
    for (const part of [mail.text ?? '', mail.html ?? '']) {
      const plain = part.replaceAll('&#34;', '"');
      for (const said of [
        'Failed',
        'no flights on 2026-11-22',
        'delays = flights.groupby("carrier")',
        'Traceback (most recent call last):',
        'What to do',
        '4 min 12 s, usually 3 min 50 s',
        'Mon, 23 Nov 2026, 07:30 (Europe/Paris)',
        'reports/delays.ipynb',
        '(a secret)',
        'https://lab.example.org/lakeside/api/v1/runs/01KAQ0/page',
        'Only 3 of 16 carriers'
      ]) {
        expect(plain).toContain(said);
      }
    }
  });

  it('goes to the owner where the delivery says so, and to nobody else', async () => {
    const sink = await mailSink();
    await channel(sink.port).deliver(someDelivery({}, { to: 'ada@example.org' }), never);
    expect(sink.arrived[0]?.to).toEqual(['ada@example.org']);
  });

  it('carries the same id when it is sent again', async () => {
    const sink = await mailSink();
    for (const attempt of [1, 2]) await channel(sink.port).deliver(someDelivery({}, { attempt }), never);
    expect(new Set(sink.arrived.map(({ mail }) => mail.messageId)).size).toBe(1);
  });

  it('signs in with the account of the configuration', async () => {
    const sink = await mailSink({
      authOptional: false,
      allowInsecureAuth: true,
      authMethods: ['PLAIN', 'LOGIN'],
      onAuth: ({ username, password }, _session, done) =>
        password === 'right-password' ? done(null, { user: username ?? '' }) : done(new Error('Wrong password'))
    });
    const signedIn = { user: 'lakeside' };
    await channel(sink.port, signedIn, 'right-password').deliver(someDelivery(), never);
    expect(sink.arrived[0]?.user).toBe('lakeside');
    const refused = channel(sink.port, signedIn, 'wrong-password').deliver(someDelivery(), never);
    // A password can be mended, so it is tried again; it is in no sentence.
    await expect(refused).rejects.toMatchObject({
      isPassing: true,
      message: expect.stringMatching(/sign-in/) as string
    });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringMatching(/wrong-password/) as string });
  });

  it('is not sent in the clear where the configuration wants encryption', async () => {
    const sink = await mailSink();
    const refused = channel(sink.port, { security: 'starttls' }).deliver(someDelivery(), never);
    await expect(refused).rejects.toMatchObject({ isPassing: true });
    expect(sink.arrived).toEqual([]);
  });

  it.each(['starttls', 'tls'] as const)(
    'goes over %s, to a server whose certificate is trusted only',
    async security => {
      const certificate = certificateOfLocalhost();
      const sink = await mailSink({ ...certificate, secure: security === 'tls', disabledCommands: [] });
      // By its address: a bare machine knows no names, not even its own.
      const mail = channel(sink.port, { security });
      await expect(mail.deliver(someDelivery(), never)).rejects.toMatchObject({ isPassing: true });
      expect(sink.arrived).toEqual([]);
      const usual = getCACertificates('default');
      onTestFinished(() => setDefaultCACertificates(usual));
      setDefaultCACertificates([...usual, certificate.cert]);
      await mail.deliver(someDelivery(), never);
      expect(sink.arrived).toMatchObject([{ isEncrypted: true }]);
    }
  );

  it('is tried by the doctor without being sent: the sentence says what was seen', async () => {
    const sink = await mailSink();
    expect(await channel(sink.port).probe?.(never)).toBe(
      `127.0.0.1:${sink.port} answers unencrypted; no mail was sent`
    );
    await sink.close();
    await expect(channel(sink.port).probe?.(never)).rejects.toThrow(/cannot be reached/);
    expect(sink.arrived).toEqual([]);
  });

  it.each([
    [451, true],
    [550, false]
  ])('refused with %i: whether it is tried again is %s', async (responseCode, isPassing) => {
    const sink = await mailSink({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('No such person'), { responseCode }))
    });
    await expect(channel(sink.port).deliver(someDelivery(), never)).rejects.toMatchObject({
      isPassing,
      message: expect.stringMatching(/No such person/) as string
    });
  });

  it('to a server that is down is tried again', async () => {
    const sink = await mailSink();
    await sink.close();
    await expect(channel(sink.port).deliver(someDelivery(), never)).rejects.toMatchObject({
      isPassing: true,
      message: expect.stringMatching(/cannot be reached/) as string
    });
  });

  it('to a server that says nothing is given up when asked to', async () => {
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise(resolve => mute.once('listening', resolve));
    const stop = new AbortController();
    const sending = channel((mute.address() as AddressInfo).port).deliver(someDelivery(), stop.signal);
    setTimeout(() => stop.abort(), 50);
    await expect(sending).rejects.toMatchObject({ isPassing: true });
    mute.close();
  });
});

describe('the HTML of a mail', () => {
  const hostile = '<img src=x onerror=alert(1)>"\'&</title><script>';

  it('holds what notebooks say as text alone', () => {
    const notice = someNotice({
      title: hostile,
      text: hostile,
      advice: hostile,
      owner: hostile,
      cell: { number: 1, firstLine: hostile },
      error: { name: hostile, firstLine: hostile, lastLine: hostile },
      checks: [{ expression: hostile, value: hostile }],
      messages: [hostile],
      parameters: [{ name: hostile, value: hostile }],
      links: [{ title: hostile, url: `https://example.org/${hostile}` }]
    });
    const html = htmlOf(notice);
    expect(html).not.toMatch(/<img|<script|onerror=alert\(1\)>/);
    expect(html).toContain('&#60;img src=x onerror=alert(1)&#62;');
  });

  it('loads nothing from anywhere', () => {
    expect(htmlOf(someNotice())).not.toMatch(/<img|<link|@import|url\(|<script|src=/);
  });
});

describe('the settings', () => {
  it.each([
    ['a password that stands there', { password: 'secret' }],
    ['a sender with a line break', { from: 'Lakeside\r\nBcc: eve@example.org <a@example.org>' }],
    ['no address', { to: ['team'] }],
    ['an unknown security', { security: 'ssl' }]
  ])('refuse %s', (_name, wrong) => {
    const given = { host: 'smtp.example.org', from: 'lakeside@example.org', password: { env: 'X' } };
    expect(smtpPlugin.config.safeParse(given).success).toBe(true);
    expect(smtpPlugin.config.safeParse({ ...given, ...wrong }).success).toBe(false);
  });
});
