import type { Client } from '../../../contract/client.js';
import type { Times } from '../../../contract/schedule/form.js';
import { scheduleRoutes } from '../../../contract/schedule/routes.js';
import type { ProblemError } from '../../../contract/problem.js';
import { asProblem, isAbort } from '../../api/problems.js';
import { StateModel } from '../../stateModel.js';
import { sortErrors } from './fieldErrors.js';
import type { FieldErrors } from './fieldErrors.js';

/** When something is due, as it stands in the dialog. */
export interface IWhen {
  readonly cron: string;
  readonly zone: string;
  readonly start: string;
  readonly end: string;
}

/** What is known of when it is due. */
export interface ITimesState {
  /** A newer answer is on its way; what is shown is of before. */
  readonly asking: boolean;
  readonly times?: Times;
  /** What is wrong with it, by field. */
  readonly errors: FieldErrors;
  /** Why it could not be told. */
  readonly problem?: ProblemError;
}

/** After the last key stroke so many milliseconds pass before the server is asked. */
const PAUSE_MS = 250;

/** Says in words when a schedule is due, and its next times, while it is being typed. */
export class TimesModel extends StateModel<ITimesState> {
  constructor(client: Client) {
    super({ asking: false, errors: {} });
    this._client = client;
  }

  /** Asks soon; what was asked before is forgotten. Asks at once where `now` is true. */
  show(when: IWhen, now = false): void {
    const { cron, zone, start, end } = when;
    const asked = JSON.stringify([cron, zone, start, end]);
    if (asked === this._asked) return;
    this._asked = asked;
    clearTimeout(this._timer);
    this._abort.abort();
    this._abort = new AbortController();
    this.setState({ asking: true });
    const { signal } = this._abort;
    this._timer = setTimeout(() => void this._ask(when, signal), now ? 0 : PAUSE_MS);
  }

  /** Asks once more after a failure. */
  retry(when: IWhen): void {
    this._asked = undefined;
    this.show(when, true);
  }

  override dispose(): void {
    clearTimeout(this._timer);
    this._abort.abort();
    super.dispose();
  }

  private async _ask({ cron, zone, start, end }: IWhen, signal: AbortSignal): Promise<void> {
    const query = { cron, zone, ...(start !== '' && { start }), ...(end !== '' && { end }) };
    try {
      const times = await this._client.call(scheduleRoutes.times, { query }, { signal });
      if (!signal.aborted) this.setState({ asking: false, times, errors: {}, problem: undefined });
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      const problem = asProblem(error);
      const prefixed = (problem.errors ?? []).map(each => ({ ...each, field: `when.${bare(each.field)}` }));
      const { fields } = sortErrors(prefixed, []);
      const isTold = Object.keys(fields).length > 0;
      this.setState({ asking: false, times: undefined, errors: fields, problem: isTold ? undefined : problem });
    }
  }

  private readonly _client: Client;
  private _asked: string | undefined;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _abort = new AbortController();
}

/** `query.cron` and `when.cron` → `cron`. */
function bare(field: string): string {
  return field.replace(/^(query|when)\./, '');
}
