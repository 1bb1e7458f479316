import { createTransport } from 'nodemailer';
import type { Delivery, NotificationChannel } from '../../schedule/notify/ports.js';
import { Undelivered } from '../../schedule/notify/undelivered.js';
import type { Log } from '../../ports.js';
import { htmlOf } from './html.js';
import { textOf } from './text.js';

/** Longest waits for a connection, its greeting, and each answer. Milliseconds. */
const CONNECT = 10_000;
const ANSWER = 20_000;

export interface SmtpOptions {
  settings: {
    host: string;
    port: number;
    security: 'starttls' | 'tls' | 'none';
    user?: string | undefined;
    from: string;
    /** Who gets them where they do not go to the owner. */
    to?: string[] | undefined;
  };
  password: string | undefined;
  label: string;
  log: Log;
}

/** Sends notices as mails of HTML and plain text. A try again carries the same Message-ID. */
export function createSmtpChannel({ settings, password, label, log }: SmtpOptions): NotificationChannel {
  const { host, port, security, user, from } = settings;

  function transport() {
    return createTransport({
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
      connectionTimeout: CONNECT,
      greetingTimeout: CONNECT,
      socketTimeout: ANSWER,
      // A mail is made of what is given here alone.
      disableFileAccess: true,
      disableUrlAccess: true
    });
  }

  /** Does something over a connection of its own, which ends with it. */
  async function connected<T>(
    signal: AbortSignal,
    work: (connection: ReturnType<typeof transport>) => Promise<T>
  ): Promise<T> {
    signal.throwIfAborted();
    const connection = transport();
    const end = (): void => connection.close();
    signal.addEventListener('abort', end);
    try {
      return await Promise.race([work(connection), raised(signal)]);
    } catch (error) {
      throw undelivered(error, label, host);
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }

  return {
    async deliver(delivery, signal) {
      const to = delivery.to === undefined ? settings.to : [delivery.to];
      if (to === undefined) throw new Undelivered(`${label} does not know to whom mails go.`, false);
      const { rejected } = await connected(signal, connection => connection.sendMail(mailOf(delivery, from, to)));
      if (rejected.length > 0) log.warn({ notice: delivery.id, rejected: rejected.length }, 'some got no mail');
    },
    async probe(signal) {
      await connected(signal, connection => connection.verify());
      const way = { tls: 'over TLS', starttls: 'over STARTTLS', none: 'unencrypted' }[security];
      return `${host}:${port} answers ${way}${user === undefined ? '' : ' and accepts the sign-in'}; no mail was sent`;
    },
    close: () => Promise.resolve()
  };
}

function mailOf({ id, at, notice }: Delivery, from: string, to: string[]) {
  const domain = /@([^\s<>@]+?)>?$/.exec(from)?.[1] ?? 'lakeside.invalid';
  return {
    from,
    to,
    subject: notice.title,
    text: textOf(notice),
    html: htmlOf(notice),
    date: new Date(at),
    messageId: `<${id}@${domain}>`,
    headers: {
      'X-Lakeside-Delivery': id,
      'X-Lakeside-Schedule': notice.schedule.id,
      // No answers by machines.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All'
    }
  };
}

function raised(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** Refusals of an address or of a mail with a number from 500 on are final. All else people mend, or it passes. */
const FINAL = new Set(['EENVELOPE', 'EMESSAGE']);

function undelivered(error: unknown, label: string, host: string): Undelivered {
  if (error instanceof Undelivered) return error;
  const { code = '', responseCode, response } = error as { code?: string; responseCode?: number; response?: string };
  const said = typeof response === 'string' ? `: ${response.replace(/\s+/g, ' ').trim().slice(0, 200)}` : '.';
  const told = (sentence: string, isPassing: boolean): Undelivered =>
    new Undelivered(sentence, isPassing, undefined, { cause: error });
  if (code === 'EAUTH') return told(`${label} did not accept the sign-in${said}`, true);
  if (code === 'ETLS') return told(`${label} gave no encrypted connection at ${host}${said}`, true);
  if (responseCode === undefined) {
    const why = code === '' ? '' : ` (${code})`;
    return told(`${label} cannot be reached at ${host}, or broke off${why}.`, true);
  }
  return told(`${label} did not take the mail${said}`, responseCode < 500 || !FINAL.has(code));
}
