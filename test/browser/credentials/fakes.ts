import type { Page, Route } from '@playwright/test';
import type {
  AuditReport,
  CredentialsOverview,
  DoctorFinding,
  Profile,
  Role,
  SignIn
} from '../../../contract/credentials/index.js';
import type { Problem } from '../../../contract/problem.js';

const API = '**/api/v1/credentials';
const MINUTE = 60_000;

/** A time so many minutes from now. */
export const within = (minutes: number): string => new Date(Date.now() + minutes * MINUTE).toISOString();

/** A profile that nobody is signed in to. */
export function profileOf(id: string, more: Partial<Profile> = {}): Profile {
  return {
    id,
    label: id,
    description: '',
    kind: 'oidc',
    opens: 'aws',
    colour: 'blue',
    production: false,
    method: 'device',
    state: 'signed-out',
    autoRefresh: true,
    ...more
  };
}

/** A session that ends in so many minutes, half a minute later: its words do not change meanwhile. */
export function sessionOf(minutes: number, more: Partial<NonNullable<Profile['session']>> = {}): Partial<Profile> {
  return {
    state: minutes > 0 ? 'active' : 'expired',
    session: {
      id: `session-of-${minutes}`,
      identity: { name: 'ada', arn: 'arn:aws:sts::123456789012:assumed-role/reader/ada' },
      role: 'reader',
      // Too late for reminders: those have pictures of their own.
      since: within(Math.min(minutes, 0) - 0.1),
      expiresAt: within(minutes + (minutes > 0 ? 0.5 : 0)),
      renewable: false,
      ...more
    }
  };
}

/**
 * Credentials whose states are made by hand, for how they look: what they do is shown by the other specs, with servers.
 * The news end after each event, so the page asks again within a second.
 */
export class FakedCredentials {
  profiles: Profile[] = [];
  active: string | undefined;
  signIn: Partial<SignIn> = {};
  roles: Role[] = [];
  findings: DoctorFinding[] = [];
  audit: AuditReport = { entries: [], total: 0, whole: true, detail: 'The record is whole.' };
  /** Given instead of an answer. */
  problem: Problem | undefined;
  /** Answers do not come before it resolves. */
  gate: Promise<void> = Promise.resolve();

  async install(page: Page): Promise<void> {
    await page.route(`${API}**`, route => this._answer(route));
    await page.route(`${API}/**`, route => this._answer(route));
  }

  private get _overview(): CredentialsOverview {
    const { profiles, active } = this;
    const detail =
      'Sessions are encrypted with a key in ~/.local/share/lakeside/credentials/key, readable by you alone.';
    return {
      profiles,
      ...(active !== undefined && { active }),
      ...(profiles.length > 0 && { store: { key: 'file', detail } }),
      now: within(0)
    };
  }

  private async _answer(route: Route): Promise<void> {
    await this.gate;
    const { problem } = this;
    if (problem !== undefined) {
      await route.fulfill({ status: problem.status, contentType: 'application/problem+json', json: problem });
      return;
    }
    const path = new URL(route.request().url()).pathname.split('/api/v1/credentials')[1] ?? '';
    if (path === '/news') {
      const body = `id: 1\ndata: ${JSON.stringify(this._overview)}\n\n`;
      await route.fulfill({ contentType: 'text/event-stream', body });
      return;
    }
    const isBegun = path.endsWith('/sign-in');
    if (isBegun) this._signInId = (route.request().postDataJSON() as { signInId: string }).signInId;
    await route.fulfill({ status: isBegun ? 202 : 200, json: this._body(path) });
  }

  private _body(path: string): object {
    if (path === '') return this._overview;
    if (path === '/doctor') return { findings: this.findings };
    if (path === '/audit') return this.audit;
    if (path.endsWith('/roles')) return { roles: this.roles };
    const [, , profile = this.profiles[0]?.id ?? ''] = path.split('/');
    return { id: this._signInId, profile, state: 'waiting', startedAt: within(0), ...this.signIn };
  }

  private _signInId = '';
}
