import { createClient } from '../../../contract/client.js';
import type { Answer, Call, Client, Transport } from '../../../contract/client.js';
import type {
  AuditReport,
  CredentialsOverview,
  DoctorFinding,
  Profile,
  Role,
  SignIn
} from '../../../contract/credentials/index.js';
import type { ProblemError } from '../../../contract/problem.js';
import type { StreamEvent } from '../../../contract/route.js';

export const MINUTE = 60_000;
/** The time of the server that tests make. */
export const NOW = Date.UTC(2026, 10, 22, 9, 0);
export const at = (minutes: number) => new Date(NOW + minutes * MINUTE).toISOString();
/** An id as the server takes it. */
export const ulidOf = (number: number) => `01JD${String(number).padStart(22, '0')}`;

/** A profile as the server tells it: signed out, without more. */
export function profileOf(id: string, more: Partial<Profile> = {}): Profile {
  return {
    id,
    label: id,
    description: '',
    kind: 'iam-mfa',
    opens: 'aws',
    colour: 'blue',
    production: false,
    method: 'code',
    state: 'signed-out',
    autoRefresh: true,
    ...more
  };
}

/** A session that ends in so many minutes. */
export function sessionOf(minutes: number, more: Partial<NonNullable<Profile['session']>> = {}): Partial<Profile> {
  return {
    state: minutes > 0 ? 'active' : 'expired',
    session: {
      id: 'session-1',
      identity: { name: 'ada' },
      since: at(minutes - 720),
      expiresAt: at(minutes),
      renewable: false,
      ...more
    }
  };
}

/** Profiles behind the real typed client: what is given and answered is checked against the contract. */
export class FakeCredentials implements Transport {
  readonly client: Client = createClient(this);
  overview: CredentialsOverview = { profiles: [profileOf('dev')], active: 'dev', now: at(0) };
  roles: Role[] = [];
  findings: DoctorFinding[] = [{ id: 'variables', state: 'ok', detail: 'No variable of kernels holds keys.' }];
  audit: AuditReport = { entries: [], total: 0, whole: true, detail: 'The record is whole.' };
  /** What a new sign-in is. */
  signIn: Partial<SignIn> = { state: 'waiting', step: { kind: 'code', digits: 6, device: 'ada', triesLeft: 3 } };
  /** Sign-ins by their id. */
  readonly signIns = new Map<string, SignIn>();
  /** What answers do, in turn; without one they succeed. */
  readonly next: Partial<SignIn>[] = [];
  readonly calls: { id: string; params: Record<string, string>; body: unknown }[] = [];
  readonly failures: { id: string; error: ProblemError }[] = [];
  connections = 0;
  private _news: CredentialsOverview[] = [];
  private _wake: () => void = () => undefined;
  private _isEnded = false;

  /** The bodies of the calls of a route. */
  bodies(id: string): unknown[] {
    return this.calls.filter(call => call.id === id).map(({ body }) => body);
  }

  /** Changes a profile. */
  change(id: string, more: Partial<Profile>): void {
    const profiles = this.overview.profiles.map(each => (each.id === id ? { ...each, ...more } : each));
    this.overview = { ...this.overview, profiles };
  }

  /** Tells the news. */
  push(): void {
    this._news.push(this.overview);
    this._wake();
  }

  /** Ends the connection of the news. */
  end(): void {
    this._isEnded = true;
    this._wake();
  }

  async send(call: Call): Promise<Answer> {
    const { id } = call.route;
    this.calls.push({ id, params: (call.params ?? {}) as Record<string, string>, body: call.body });
    await Promise.resolve();
    call.signal?.throwIfAborted();
    const failing = this.failures.findIndex(each => each.id === id);
    if (failing >= 0) throw this.failures.splice(failing, 1)[0]!.error;
    if (id === 'credentials.news') return { kind: 'events', events: this._listen(call.signal) };
    const body = this._answer(call);
    return body === undefined ? { kind: 'empty' } : { kind: 'json', body: JSON.parse(JSON.stringify(body)) as unknown };
  }

  private async *_listen(signal: AbortSignal | undefined): AsyncGenerator<StreamEvent<unknown>> {
    this.connections++;
    this._isEnded = false;
    const isOver = () => this._isEnded || signal?.aborted === true;
    for (let id = 1; !isOver();) {
      const data = this._news.shift();
      if (data !== undefined) yield { id: id++, data };
      else await new Promise<void>(resolve => (this._wake = resolve));
    }
  }

  private _answer(call: Call): unknown {
    const { profileId = '', signInId = '' } = (call.params ?? {}) as Record<string, string>;
    const body = (call.body ?? {}) as Record<string, unknown>;
    const profile = () => this.overview.profiles.find(({ id }) => id === profileId);
    switch (call.route.id) {
      case 'credentials.overview':
        return this.overview;
      case 'credentials.signIn': {
        const running = [...this.signIns.values()].find(each => each.profile === profileId && each.state === 'waiting');
        if (running !== undefined) return running;
        const id = String(body['signInId']);
        return this._put({ id, profile: profileId, state: 'waiting', startedAt: at(0), ...this.signIn });
      }
      case 'credentials.signInState':
        return this.signIns.get(signInId);
      case 'credentials.answer': {
        const { step: _, ...old } = this.signIns.get(signInId)!;
        return this._put({ ...old, ...(this.next.shift() ?? { state: 'succeeded' }) });
      }
      case 'credentials.cancelSignIn': {
        const { step: _, ...old } = this.signIns.get(signInId)!;
        this._put({ ...old, state: 'cancelled' });
        return undefined;
      }
      case 'credentials.refresh':
        return profile();
      case 'credentials.roles':
        return { roles: this.roles };
      case 'credentials.takeRole':
        return profile();
      case 'credentials.autoRefresh':
        this.change(profileId, { autoRefresh: body['on'] === true });
        return profile();
      case 'credentials.switch':
        this.overview = { ...this.overview, active: String(body['profile']) };
        return this.overview;
      case 'credentials.signOut': {
        const { session: _, ...old } = profile()!;
        this.overview = {
          ...this.overview,
          profiles: this.overview.profiles.map(each => (each.id === profileId ? { ...old, state: 'signed-out' } : each))
        };
        return profile();
      }
      case 'credentials.revoke': {
        const { grantId } = call.params as { grantId: string };
        this.overview = { ...this.overview, grants: (this.overview.grants ?? []).filter(({ id }) => id !== grantId) };
        return undefined;
      }
      case 'credentials.doctor':
        return { findings: this.findings };
      case 'credentials.fix':
        this.findings = this.findings.map(({ fix, cure: _, ...each }) =>
          fix?.id === body['fix']
            ? { ...each, state: 'ok', detail: 'No keys there.' }
            : { ...each, ...(fix && { fix }) }
        );
        return { findings: this.findings };
      case 'credentials.audit':
        return this.audit;
      default:
        throw new Error(`The fake has no ${call.route.id}.`);
    }
  }

  private _put(signIn: SignIn): SignIn {
    this.signIns.set(signIn.id, signIn);
    return signIn;
  }
}
