import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { Client } from '../../contract/client.js';
import type { ScheduleGrant } from '../../contract/credentials/grants.js';
import { credentialRoutes } from '../../contract/credentials/routes.js';
import type {
  AuditReport,
  CredentialsOverview,
  DoctorFinding,
  Profile,
  Role
} from '../../contract/credentials/records.js';
import type { ProblemError } from '../../contract/problem.js';
import { asProblem } from '../api/problems.js';
import { StateModel } from '../stateModel.js';

/** What is known of the profiles. */
export interface ICredentialsState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly overview: CredentialsOverview | undefined;
  /** Milliseconds by which the server's clock is ahead of this one. */
  readonly ahead: number;
  /** Why it could not be read; with an overview of before where there is one. */
  readonly error: ProblemError | undefined;
  /** Profiles that something is being done to. */
  readonly busy: ReadonlySet<string>;
}

/** What the model needs. */
export interface ICredentialsModelOptions {
  /** For what the person asks for. */
  client: Client;
  /** For what nobody asked for. */
  background: Client;
  /** This machine's time, in milliseconds since 1970. */
  clock: () => number;
}

/** So late an answer can be that was overtaken by the news, in milliseconds. */
const LATEST_MS = 15_000;

/** The profiles, how the person stands with them, and what can be done. */
export class CredentialsModel extends StateModel<ICredentialsState> {
  constructor(options: ICredentialsModelOptions) {
    super({ phase: 'loading', overview: undefined, ahead: 0, error: undefined, busy: new Set() });
    this._options = options;
  }

  /** The keys of a profile can be used again, or those of a new session: somebody signed in, here or elsewhere. */
  get signedIn(): ISignal<this, Profile> {
    return this._signedIn;
  }

  /** The server's time, in milliseconds since 1970. */
  now(): number {
    return this._options.clock() + this.state.ahead;
  }

  profile(id: string): Profile | undefined {
    return this.state.overview?.profiles.find(each => each.id === id);
  }

  /** Reads it anew. Never throws: the failure is in the state. */
  async refresh(): Promise<void> {
    try {
      this.hear(await this._options.background.call(credentialRoutes.overview, {}));
    } catch (error) {
      const phase = this.state.overview === undefined ? 'failed' : this.state.phase;
      this.setState({ phase, error: asProblem(error) });
    }
  }

  /** Takes in how everything stands now; what was overtaken on its way is passed over. */
  hear(overview: CredentialsOverview): void {
    const before = this.state.overview;
    const late = before === undefined ? 0 : Date.parse(before.now) - Date.parse(overview.now);
    // By more than that nothing is late: the server's clock was set back.
    if (late > 0 && late < LATEST_MS) return;
    const ahead = Date.parse(overview.now) - this._options.clock();
    this.setState({ phase: 'ready', overview, ahead, error: undefined });
    if (before === undefined) return;
    for (const profile of overview.profiles) {
      const old = before.profiles.find(({ id }) => id === profile.id);
      const isNew = old?.state !== 'active' || old.session?.id !== profile.session?.id;
      if (profile.state === 'active' && isNew) this._signedIn.emit(profile);
    }
  }

  /** Fetches new keys. @throws ProblemError */
  renew(profileId: string): Promise<void> {
    const { client } = this._options;
    return this._change(profileId, () =>
      client.call(credentialRoutes.refresh, { params: { profileId }, body: { confirm: true } })
    );
  }

  /** @param role - none where it is null. @throws ProblemError */
  takeRole(profileId: string, role: string | null): Promise<void> {
    const { client } = this._options;
    return this._change(profileId, () =>
      client.call(credentialRoutes.takeRole, { params: { profileId }, body: { role } })
    );
  }

  /** @throws ProblemError */
  setAutoRefresh(profileId: string, on: boolean): Promise<void> {
    const { client } = this._options;
    return this._change(profileId, () =>
      client.call(credentialRoutes.autoRefresh, { params: { profileId }, body: { on } })
    );
  }

  /** @throws ProblemError */
  signOut(profileId: string): Promise<void> {
    const { client } = this._options;
    return this._change(profileId, () => client.call(credentialRoutes.signOut, { params: { profileId } }));
  }

  /** Takes from a schedule what it was permitted. @throws ProblemError */
  async revoke({ id, profile }: ScheduleGrant): Promise<void> {
    await this._busy(profile, async () => {
      await this._options.client.call(credentialRoutes.revoke, { params: { grantId: id } });
    });
    await this.refresh();
  }

  /** Gives running kernels the keys of a profile. @throws ProblemError */
  async switchTo(profile: string): Promise<void> {
    await this._busy(profile, async () => {
      this.hear(await this._options.client.call(credentialRoutes.switch, { body: { profile } }));
    });
  }

  /** The roles a person may take. @throws ProblemError */
  async roles(profileId: string): Promise<Role[]> {
    return (await this._options.client.call(credentialRoutes.roles, { params: { profileId } })).roles;
  }

  /** What happened last. @throws ProblemError */
  audit(limit: number): Promise<AuditReport> {
    return this._options.client.call(credentialRoutes.audit, { query: { limit } });
  }

  /** How a new kernel finds its keys, and what is in the way. @throws ProblemError */
  async doctor(): Promise<DoctorFinding[]> {
    return (await this._options.client.call(credentialRoutes.doctor, {})).findings;
  }

  /** Does what a finding offers. @throws ProblemError */
  async fix(fix: string): Promise<void> {
    await this._options.client.call(credentialRoutes.fix, { body: { fix } });
  }

  override dispose(): void {
    super.dispose();
    Signal.clearData(this);
  }

  private _change(profileId: string, call: () => Promise<Profile>): Promise<void> {
    return this._busy(profileId, async () => {
      const changed = await call();
      const { overview } = this.state;
      if (overview === undefined) return;
      const profiles = overview.profiles.map(each => (each.id === changed.id ? changed : each));
      // The answer has no time of its own: the clock is not set by it.
      this.hear({ ...overview, profiles, now: new Date(this.now()).toISOString() });
    });
  }

  private async _busy(id: string, work: () => Promise<void>): Promise<void> {
    this.setState({ busy: new Set([...this.state.busy, id]) });
    try {
      await work();
    } finally {
      this.setState({ busy: new Set([...this.state.busy].filter(each => each !== id)) });
    }
  }

  private readonly _options: ICredentialsModelOptions;
  private readonly _signedIn = new Signal<this, Profile>(this);
}
