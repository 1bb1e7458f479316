import type { Client } from '../../../contract/client.js';
import type { RunProfile } from '../../../contract/schedule/form.js';
import { scheduleRoutes } from '../../../contract/schedule/routes.js';
import { StateModel } from '../../stateModel.js';

/** What is known of the profiles that a schedule may name. */
export interface IProfilesState {
  readonly profiles: readonly RunProfile[];
  /** A sign-in is on its way. */
  readonly signingIn: boolean;
}

/** The profiles that a schedule may name, and whether its runs would get keys. */
export class ProfilesModel extends StateModel<IProfilesState> {
  /** @param signIn - resolves when the person has done with it; absent where nobody can sign in here */
  constructor(
    private readonly _client: Client,
    private readonly _signIn?: (profile: string) => Promise<void>
  ) {
    super({ profiles: [], signingIn: false });
  }

  get canSignIn(): boolean {
    return this._signIn !== undefined;
  }

  /** Asks how they stand. A failure hides the field where nothing is named: saving says what is wrong. */
  async load(): Promise<void> {
    const told = await this._client.call(scheduleRoutes.profiles, {}).catch(() => undefined);
    if (told !== undefined && !this.isDisposed) this.setState({ profiles: told.profiles });
  }

  async signIn(profile: string): Promise<void> {
    if (this._signIn === undefined || this.state.signingIn) return;
    this.setState({ signingIn: true });
    try {
      await this._signIn(profile);
      await this.load();
    } finally {
      if (!this.isDisposed) this.setState({ signingIn: false });
    }
  }
}
