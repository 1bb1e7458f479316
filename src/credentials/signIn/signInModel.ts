import type { Client } from '../../../contract/client.js';
import { credentialRoutes } from '../../../contract/credentials/routes.js';
import type { SignIn, SignInAnswer } from '../../../contract/credentials/signIn.js';
import type { ProblemError } from '../../../contract/problem.js';
import { asProblem } from '../../api/problems.js';
import { StateModel } from '../../stateModel.js';

/** A sign-in as the dialog shows it. */
export interface ISignInState {
  /** As the server tells it; undefined until it has answered. */
  readonly signIn: SignIn | undefined;
  /** Begun here; one that was joined belongs to another tab too. */
  readonly isOwn: boolean;
  /** An answer is on its way. */
  readonly isAnswering: boolean;
  /** Why nothing is known of it, or why the last answer was not taken. */
  readonly error: ProblemError | undefined;
}

/** What a sign-in needs. */
export interface ISignInModelOptions {
  client: Client;
  background: Client;
  profile: string;
  role?: string | undefined;
  /** Whether kernels get its keys from then on. */
  activate: boolean;
  newId: () => string;
  wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

const NEW: ISignInState = { signIn: undefined, isOwn: false, isAnswering: false, error: undefined };
/** How often it is asked how it stands, in milliseconds. */
const LOOK_MS = 1_000;
/** Failed questions in a row before the person is told. */
const PATIENCE = 5;

/** One sign-in, from its beginning to its end, and again after a failure. */
export class SignInModel extends StateModel<ISignInState> {
  constructor(options: ISignInModelOptions) {
    super(NEW);
    this._options = options;
  }

  /** Begins, or joins the one on its way. Never throws: the failure is in the state. */
  async begin(): Promise<void> {
    const { client, profile, role, activate, newId } = this._options;
    const signInId = newId();
    const mine = ++this._round;
    this.setState(NEW);
    try {
      const body = { signInId, activate, ...(role !== undefined && { role }) };
      const signIn = await client.call(credentialRoutes.signIn, { params: { profileId: profile }, body });
      // Left before it had begun.
      if (this.isDisposed && signIn.id === signInId) await this._end(signIn);
      if (mine !== this._round) return;
      this.setState({ signIn, isOwn: signIn.id === signInId });
      void this._watch(mine);
    } catch (error) {
      if (mine === this._round) this.setState({ error: asProblem(error) });
    }
  }

  /** Gives what it waits for. Never throws. */
  async answer(answer: SignInAnswer): Promise<void> {
    const { signIn, isAnswering } = this.state;
    if (signIn?.state !== 'waiting' || isAnswering) return;
    this.setState({ isAnswering: true, error: undefined });
    try {
      const params = { signInId: signIn.id };
      const next = await this._options.client.call(credentialRoutes.answer, { params, body: { answer } });
      this.setState({ signIn: next, isAnswering: false });
    } catch (error) {
      this.setState({ isAnswering: false, error: asProblem(error) });
    }
  }

  /** Ends it for everybody. Never throws. */
  async cancel(): Promise<void> {
    const { signIn } = this.state;
    this._round++;
    if (signIn?.state !== 'waiting') return;
    this.setState({ signIn: { ...signIn, state: 'cancelled' }, isAnswering: false });
    await this._end(signIn);
  }

  /**
   * Nobody looks at it any more. What only this dialog can carry on ends; what goes on at the provider goes on. Resolves
   * when it has ended, and never throws.
   */
  async leave(): Promise<void> {
    const { signIn, isOwn } = this.state;
    const goesOn = signIn?.step?.kind === 'device' || signIn?.step?.kind === 'browser';
    const ended = isOwn && !goesOn ? this.cancel() : undefined;
    this._round++;
    this.dispose();
    await ended;
  }

  private async _end({ id, state }: SignIn): Promise<void> {
    if (state !== 'waiting') return;
    const params = { signInId: id };
    // One that is no more needs no end.
    await this._options.client.call(credentialRoutes.cancelSignIn, { params }).catch(() => undefined);
  }

  private async _watch(mine: number): Promise<void> {
    const { background, wait } = this._options;
    for (let failures = 0; ;) {
      await wait(LOOK_MS);
      const { signIn, isAnswering } = this.state;
      if (mine !== this._round || this.isDisposed || signIn?.state !== 'waiting') return;
      // The answer tells how it goes on.
      if (isAnswering) continue;
      try {
        const next = await background.call(credentialRoutes.signInState, { params: { signInId: signIn.id } });
        failures = 0;
        // What was asked before somebody answered is old.
        if (mine === this._round && this.state.signIn === signIn && !this.state.isAnswering) {
          if (JSON.stringify(next) !== JSON.stringify(signIn)) this.setState({ signIn: next, error: undefined });
        }
      } catch (error) {
        const problem = asProblem(error);
        failures++;
        if (problem.code !== 'not-found' && failures < PATIENCE) continue;
        if (mine === this._round) this.setState({ signIn: undefined, error: problem });
        return;
      }
    }
  }

  private readonly _options: ISignInModelOptions;
  /** Counts beginnings and ends: what belongs to an earlier one is not listened to. */
  private _round = 0;
}
