import type { ProblemError } from '../../contract/problem.js';
import { Reason } from '../../contract/share/findings.js';
import type { Finding, FindingDecision } from '../../contract/share/findings.js';
import { publishRoutes } from '../../contract/share/publish.js';
import type { ILakesideApi } from '../tokens.js';
import { asProblem } from './library/failure.js';
import { StateModel } from '../stateModel.js';
import type { SourceCopy } from './sourceCopy.js';
import type { IShareSource } from './source/types.js';

/** What becomes of a possible secret. */
export type FindingAction = FindingDecision['action'];

/** One possible secret, in all places where it stands. */
export interface IFoundSecret {
  readonly fingerprint: string;
  /** At least one, in the order of the notebook. */
  readonly findings: readonly Finding[];
  readonly action: FindingAction;
  /** Why it may stand. */
  readonly reason: string;
}

/** What the dialog shows of possible secrets. */
export interface IFindingsState {
  readonly loading: boolean;
  readonly secrets: readonly IFoundSecret[];
  /** Places in all; more than are told where there are very many. */
  readonly total: number;
  /** Whether a secret may be published with a reason. */
  readonly mayPublish: boolean;
  /** Why it could not be looked. */
  readonly problem?: ProblemError;
  /** Sentences under reasons that are missing or not right, by fingerprint. */
  readonly errors: Readonly<Record<string, string>>;
}

/** What the model of findings needs. */
export interface IFindingsOptions {
  api: ILakesideApi;
  source: IShareSource;
  copy: SourceCopy;
}

/** After a change of the notebook it is looked at again so much later, in milliseconds. */
const PAUSE_MS = 800;

/** What looks like a secret in a notebook, and what the person decides about it. */
export class FindingsModel extends StateModel<IFindingsState> {
  constructor(options: IFindingsOptions) {
    super({ loading: false, secrets: [], total: 0, mayPublish: true, errors: {} });
    this._options = options;
    options.source.changed.connect(this._onSource);
  }

  /** Looks at the notebook as it stands on the screen. What was decided stays. */
  async load(): Promise<void> {
    const { api, source, copy } = this._options;
    clearTimeout(this._timer);
    this._abort?.abort();
    const { signal } = (this._abort = new AbortController());
    this.setState({ loading: true });
    try {
      const client = await api.background();
      const body = { path: source.path, source: await copy.where(signal) };
      const { findings, total, mayPublish } = await client.call(publishRoutes.scan, { body }, { signal });
      if (signal.aborted) return;
      this.setState({ loading: false, secrets: this._group(findings), total, mayPublish, problem: undefined });
    } catch (error) {
      if (signal.aborted) return;
      copy.forget();
      this.setState({ loading: false, problem: asProblem(error) });
    }
  }

  /** Takes what the person decided about one secret. */
  decide(fingerprint: string, change: { action?: FindingAction; reason?: string }): void {
    const secrets = this.state.secrets.map(each => (each.fingerprint === fingerprint ? { ...each, ...change } : each));
    const { [fingerprint]: _, ...errors } = this.state.errors;
    this.setState({ secrets, errors });
  }

  /**
   * Looks whether everything that may stand has a reason.
   *
   * @param missing - the sentence where it has none
   */
  check(missing: string): boolean {
    const errors: Record<string, string> = {};
    for (const { fingerprint, action, reason } of this.state.secrets) {
      if (action === 'redact') continue;
      const checked = Reason.safeParse(reason);
      if (!checked.success)
        errors[fingerprint] = reason.trim() === '' ? missing : sentence(checked.error.issues[0]?.message);
    }
    this.setState({ errors });
    return Object.keys(errors).length === 0;
  }

  /** Whether something stands in the notebook that nobody called no secret. */
  get stand(): boolean {
    return this.state.secrets.some(({ action }) => action !== 'not-a-secret');
  }

  /** What differs from what the server does by itself. */
  get decisions(): FindingDecision[] {
    return this.state.secrets.flatMap(({ fingerprint, action, reason, findings }): FindingDecision[] => {
      const remembered = findings[0]?.remembered;
      if (action === 'redact') return remembered ? [{ fingerprint, action }] : [];
      if (action === 'not-a-secret' && remembered?.reason === reason.trim()) return [];
      return [{ fingerprint, action, reason: reason.trim() }];
    });
  }

  override dispose(): void {
    clearTimeout(this._timer);
    this._abort?.abort();
    this._options.source.changed.disconnect(this._onSource);
    super.dispose();
  }

  private _group(findings: readonly Finding[]): IFoundSecret[] {
    const decided = new Map(this.state.secrets.map(secret => [secret.fingerprint, secret]));
    const groups = new Map<string, Finding[]>();
    for (const finding of findings) {
      groups.set(finding.fingerprint, [...(groups.get(finding.fingerprint) ?? []), finding]);
    }
    return [...groups].map(([fingerprint, all]) => {
      const remembered = all[0]?.remembered;
      const before = decided.get(fingerprint);
      return {
        fingerprint,
        findings: all,
        action: before?.action ?? (remembered ? 'not-a-secret' : 'redact'),
        reason: before?.reason ?? remembered?.reason ?? ''
      };
    });
  }

  private readonly _onSource = (): void => {
    clearTimeout(this._timer);
    if (!this.isDisposed) this._timer = setTimeout(() => void this.load(), PAUSE_MS);
  };

  private readonly _options: IFindingsOptions;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _abort: AbortController | undefined;
}

function sentence(text = ''): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
