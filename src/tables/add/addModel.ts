import type { TranslationBundle } from '@jupyterlab/translation';
import type { Client } from '../../../contract/client.js';
import type { ProblemError } from '../../../contract/problem.js';
import type { Source, SourceTest } from '../../../contract/tables/records.js';
import { tableRoutes } from '../../../contract/tables/routes.js';
import { asProblem } from '../../api/problems.js';
import { StateModel } from '../../stateModel.js';
import { faultOfName, faultsOf, sortFaults } from './faults.js';
import type { Faults } from './faults.js';
import type { IKind } from './kinds.js';
import { settingsOf } from './settings.js';
import type { IDraft, SecretPlace } from './settings.js';

/** How the form stands. */
export interface IAddState extends IDraft {
  readonly kind: IKind | undefined;
  readonly name: string;
  readonly faults: Faults;
  /** What is wrong and belongs to no field. */
  readonly others: readonly string[];
  /** Why it could not be tried or added, where no field is at fault. */
  readonly problem: ProblemError | undefined;
  /** What the last test of just these settings found. */
  readonly test: SourceTest | undefined;
  readonly busy: 'testing' | 'adding' | undefined;
  /** Counts the attempts that ended at a field: the focus goes there. */
  readonly refusals: number;
}

/** What the form needs. */
export interface IAddOptions {
  client: Client;
  kinds: readonly IKind[];
  /** Names that are taken. */
  taken: () => readonly string[];
  trans: TranslationBundle;
}

const UNTRIED = { faults: {}, others: [], problem: undefined, test: undefined } as const;

/** A source that is being described, tried and added. */
export class AddModel extends StateModel<IAddState> {
  constructor(options: IAddOptions) {
    super({ kind: undefined, name: '', texts: {}, places: {}, busy: undefined, refusals: 0, ...UNTRIED });
    this._options = options;
  }

  get kinds(): readonly IKind[] {
    return this._options.kinds;
  }

  /** Chooses what kind it is. What was typed stays for the fields that the other kind has, too. */
  choose(id: string): void {
    this._change({ kind: this.kinds.find(each => each.id === id) }, undefined);
  }

  rename(name: string): void {
    // What a test found is not about the name.
    const { name: _, ...faults } = this.state.faults;
    this.setState({ name, faults, problem: undefined });
  }

  change(path: string, text: string): void {
    this._change({ texts: { ...this.state.texts, [path]: text } }, path);
  }

  /** Says where a secret is. */
  place(path: string, place: SecretPlace): void {
    this._change({ places: { ...this.state.places, [path]: place } }, path);
  }

  /** Tries the settings, without keeping them. */
  async test(): Promise<void> {
    const { kind, name } = this.state;
    if (this.state.busy || !this._isRight(false) || kind === undefined) return;
    const stop = new AbortController();
    this._stop = stop;
    this.setState({ ...UNTRIED, busy: 'testing' });
    try {
      const label = name.trim().slice(0, 60);
      const settings = { ...settingsOf(kind, this.state), ...(label !== '' && { label }) };
      const test = await this._options.client.call(tableRoutes.test, { body: { settings } }, { signal: stop.signal });
      if (!stop.signal.aborted) this.setState({ test, busy: undefined });
    } catch (error) {
      if (!stop.signal.aborted) this._refused(error);
    }
  }

  /** Ends a test that goes on. */
  stop(): void {
    if (this.state.busy !== 'testing') return;
    this._stop?.abort();
    this.setState({ busy: undefined });
  }

  /** Writes the source into the configuration. @returns it; undefined where that was refused, for reasons in the state */
  async add(): Promise<Source | undefined> {
    this.stop();
    const { kind } = this.state;
    if (this.state.busy || !this._isRight(true) || kind === undefined) return undefined;
    this.setState({ faults: {}, others: [], problem: undefined, busy: 'adding' });
    try {
      const given = { params: { source: this.state.name.trim() }, body: { settings: settingsOf(kind, this.state) } };
      const source = await this._options.client.call(tableRoutes.add, given);
      this.setState({ busy: undefined });
      return source;
    } catch (error) {
      this._refused(error);
      return undefined;
    }
  }

  override dispose(): void {
    this._stop?.abort();
    super.dispose();
  }

  /** What was found out before is not about what stands there now. */
  private _change(change: Partial<IAddState>, path: string | undefined): void {
    this.stop();
    const faults = Object.entries(this.state.faults).filter(([at]) => path !== undefined && at !== path);
    this.setState({ ...UNTRIED, faults: Object.fromEntries(faults), ...change });
  }

  private _isRight(isNameNeeded: boolean): boolean {
    const { trans, taken } = this._options;
    const { kind, name, refusals } = this.state;
    const faults: Record<string, string> = {};
    if (kind === undefined) faults['kind'] = trans.__('Choose what it is.');
    else {
      const fault = isNameNeeded ? faultOfName(name.trim(), taken(), trans) : undefined;
      if (fault !== undefined) faults['name'] = fault;
      Object.assign(faults, faultsOf(kind, this.state, trans));
    }
    const isRight = Object.keys(faults).length === 0;
    if (!isRight) this.setState({ faults, others: [], problem: undefined, refusals: refusals + 1 });
    return isRight;
  }

  private _refused(error: unknown): void {
    const problem = asProblem(error);
    const { kind, refusals } = this.state;
    const { faults, others } = problem.errors && kind ? sortFaults(problem.errors, kind) : { faults: {}, others: [] };
    const isSaid = Object.keys(faults).length > 0 || others.length > 0;
    this.setState({
      faults,
      others,
      problem: isSaid ? undefined : problem,
      busy: undefined,
      refusals: Object.keys(faults).length > 0 ? refusals + 1 : refusals
    });
  }

  private readonly _options: IAddOptions;
  private _stop: AbortController | undefined;
}
