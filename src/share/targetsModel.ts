import type { ProblemError } from '../../contract/problem.js';
import { targetRoutes } from '../../contract/share/targets.js';
import type { Target, TargetStanding } from '../../contract/share/targets.js';
import type { ILakesideApi } from '../tokens.js';
import { asProblem, isAbort } from './library/failure.js';
import { StateModel } from '../stateModel.js';

/** The target that is always there. */
export const LIBRARY = 'library';

/** A place to share to, and whether it can be used now. */
export interface IOfferedTarget extends Target {
  readonly phase: 'asking' | 'ready' | 'failed';
  readonly standing?: TargetStanding;
  /** Why it cannot be used now. */
  readonly problem?: ProblemError;
}

/** What the chooser shows. */
export interface ITargetsState {
  readonly targets: readonly IOfferedTarget[];
  readonly problem?: ProblemError;
}

/** The places a notebook can be shared to. Each wiki is asked by itself, so that a slow one keeps nobody waiting. */
export class TargetsModel extends StateModel<ITargetsState> {
  constructor(private readonly _api: ILakesideApi) {
    super({ targets: [] });
  }

  /** Lists the places, then asks each how it stands. */
  async load(): Promise<void> {
    try {
      const client = await this._api.client();
      const { targets } = await client.call(targetRoutes.targets, {}, { signal: this._gone.signal });
      const offered = targets.map(
        target => ({ ...target, phase: target.id === LIBRARY ? 'ready' : 'asking' }) as const
      );
      this.setState({ targets: offered, problem: undefined });
      for (const { id } of targets) if (id !== LIBRARY) void this.ask(id);
    } catch (error) {
      if (!isAbort(error)) this.setState({ problem: asProblem(error) });
    }
  }

  /** Asks one place how it stands, again after it could not be reached. */
  async ask(id: string): Promise<void> {
    this._change(id, { phase: 'asking', problem: undefined });
    try {
      const client = await this._api.client();
      const given = { params: { targetId: id } };
      const standing = await client.call(targetRoutes.target, given, { signal: this._gone.signal });
      this._change(id, { phase: 'ready', standing });
    } catch (error) {
      if (!isAbort(error)) this._change(id, { phase: 'failed', problem: asProblem(error) });
    }
  }

  /** One of the places. */
  get(id: string): IOfferedTarget | undefined {
    return this.state.targets.find(target => target.id === id);
  }

  override dispose(): void {
    this._gone.abort();
    super.dispose();
  }

  private _change(id: string, change: Partial<IOfferedTarget>): void {
    this.setState({ targets: this.state.targets.map(each => (each.id === id ? { ...each, ...change } : each)) });
  }

  private readonly _gone = new AbortController();
}
