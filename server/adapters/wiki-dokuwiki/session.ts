import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import { Cookies } from '../../share/wiki/cookies.js';
import { WikiHttp } from '../../share/wiki/http.js';
import type { WikiCall } from '../../share/wiki/ports.js';
import { answerOf, DokuWikiRefusal, isSilentRefusal } from './answers.js';
import { xmlRpcAnswer, xmlRpcCall, type XmlRpcValue } from './xmlrpc.js';

export interface SessionOptions {
  /** Where `doku.php` lies, with a slash at its end. */
  base: URL;
  user: string;
  password: string;
  label: string;
  clock: Clock;
  timeoutMs?: number | undefined;
  patienceMs?: number | undefined;
}

/** A method with its values. */
export type Method = readonly [name: string, ...values: XmlRpcValue[]];

/** True, false, or 0 where the wiki has no accounts. */
const LoggedIn = z.union([z.boolean(), z.number()]);

/** A signed-in account of a DokuWiki: signs in when needed, and again when the wiki has forgotten it. */
export class DokuWikiSession {
  private readonly http: WikiHttp;
  private readonly cookies = new Cookies();
  private readonly address: URL;
  private signedIn: Promise<void> | undefined;

  constructor(private readonly options: SessionOptions) {
    const { label, clock, timeoutMs, patienceMs, base } = options;
    this.address = new URL('lib/exe/xmlrpc.php', base);
    this.http = new WikiHttp({
      label,
      clock,
      headers: {
        accept: 'text/xml',
        'content-type': 'text/xml; charset=utf-8',
        'user-agent': `Lakeside/${LAKESIDE_VERSION}`
      },
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(patienceMs !== undefined && { patienceMs })
    });
  }

  /** Asks something, or does what may be done twice. @throws DokuWikiRefusal where the method is refused */
  ask<T>(schema: z.ZodType<T>, method: Method, call: WikiCall = {}): Promise<T> {
    return this.signed(call, () => this.request(schema, method, true, call));
  }

  /** Changes something. Is done once at most, but for a broken connection: then nobody knows. */
  change<T>(schema: z.ZodType<T>, method: Method, call: WikiCall = {}): Promise<T> {
    return this.signed(call, () => this.request(schema, method, false, call));
  }

  /** Does it signed in; once more where the session had ended, for then nothing was done. */
  private async signed<T>(call: WikiCall, work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const signedIn = (this.signedIn ??= this.signIn(call));
      await signedIn;
      try {
        return await work();
      } catch (error) {
        const ended = error instanceof ProblemError && error.code === 'target-signin';
        if (!ended || attempt > 1) throw error;
        if (this.signedIn === signedIn) this.signedIn = undefined;
      }
    }
  }

  private async signIn(call: WikiCall): Promise<void> {
    const { user, password, label } = this.options;
    try {
      this.cookies.clear();
      const answer = await this.request(LoggedIn, ['dokuwiki.login', user, password], true, call);
      if (answer === true || answer === 1) return;
      throw new ProblemError(
        'target-signin',
        answer === 0
          ? `${label} has no accounts. Switch on access control (the setting "useacl") and make one for Lakeside.`
          : `${label} does not accept the password of ${user}. Renew it in the wiki's User Manager and put it where the configuration says.`
      );
    } catch (error) {
      this.signedIn = undefined;
      throw error;
    }
  }

  private async request<T>(
    schema: z.ZodType<T>,
    [name, ...values]: Method,
    repeatable: boolean,
    { signal }: WikiCall
  ): Promise<T> {
    const { label } = this.options;
    const answer = await this.http.call(
      this.address,
      {
        method: 'POST',
        headers: { cookie: this.cookies.header },
        body: () => xmlRpcCall(name, values),
        repeatable,
        signal
      },
      ({ text, headers }) => {
        this.cookies.keep(headers);
        const given = xmlRpcAnswer(text);
        if (given === undefined) throw this.http.unreadable(text);
        return given;
      }
    );
    // Judged out here: what the wiki refuses it will refuse again.
    if ('code' in answer) throw new DokuWikiRefusal(label, answer.code, answer.reason);
    if (isSilentRefusal(answer.value)) throw new DokuWikiRefusal(label, undefined, '');
    return answerOf(label, schema, answer.value);
  }
}
