import type { TranslationBundle } from '@jupyterlab/translation';
import { ulid } from 'ulid';
import { check } from '../../../contract/client.js';
import type { Client } from '../../../contract/client.js';
import { ProblemError } from '../../../contract/problem.js';
import type { ScheduleForm } from '../../../contract/schedule/form.js';
import type { Schedule } from '../../../contract/schedule/records.js';
import { scheduleRoutes } from '../../../contract/schedule/routes.js';
import { ScheduleSpec } from '../../../contract/schedule/spec.js';
import { asProblem } from '../../api/problems.js';
import { StateModel } from '../../stateModel.js';
import { draftOf, readDraft } from './draft.js';
import type { IDraft } from './draft.js';
import { sortErrors } from './fieldErrors.js';
import type { FieldErrors } from './fieldErrors.js';
import { faultSentence } from './faultSentence.js';
import { loadDialog } from './load.js';
import type { IDialogSubject } from './load.js';
import { typed, unset } from './parameterDraft.js';
import { ProfilesModel } from './profilesModel.js';
import { TestModel } from './testModel.js';
import { TimesModel } from './timesModel.js';

/** What the dialog shows. */
export interface IDialogState {
  readonly phase: 'loading' | 'failed' | 'form' | 'testing';
  /** What the fields may be; there once it is loaded. */
  readonly form?: ScheduleForm;
  readonly draft?: IDraft;
  /** The schedule that is changed; undefined for a new one. */
  readonly schedule?: Schedule;
  /** Sentences under the fields that are not right. */
  readonly errors: FieldErrors;
  /** Counts the tries that were refused, so that each moves the focus to what is to be mended. */
  readonly refusals: number;
  /** Why it could not be loaded or saved, where that is no field's. */
  readonly problem?: ProblemError;
  readonly saving: boolean;
  /** What somebody else made of the schedule meanwhile. */
  readonly conflict?: Schedule;
  readonly test?: TestModel;
}

/** What the dialog needs. */
export interface IDialogModelOptions {
  client: Client;
  trans: TranslationBundle;
  subject: IDialogSubject;
  now: () => number;
  /** Signs in to a profile; resolves when the person has done with it. */
  signIn?: (profile: string) => Promise<void>;
}

/** The schedule dialog: what is filled in, whether it is right, and the test before it is saved. */
export class DialogModel extends StateModel<IDialogState> {
  constructor(options: IDialogModelOptions) {
    super({ phase: 'loading', errors: {}, refusals: 0, saving: false });
    this._options = options;
    this.times = new TimesModel(options.client);
    this.profiles = new ProfilesModel(options.client, options.signIn);
  }

  /** When it is due, in words, and its next times. */
  readonly times: TimesModel;

  /** The profiles whose keys its runs may get. */
  readonly profiles: ProfilesModel;

  /** Loads what the form begins with, or loads it again after a failure. */
  async load(): Promise<void> {
    this.setState({ phase: 'loading', problem: undefined });
    const loading = loadDialog(this._options, this._options.subject);
    void this.profiles.load();
    try {
      this._begin(await loading);
    } catch (error) {
      this.setState({ phase: 'failed', problem: asProblem(error) });
    }
  }

  /** Takes what the person filled in. What was wrong with the fields that changed is forgotten. */
  change(change: Partial<IDraft>): void {
    const { draft } = this.state;
    if (draft === undefined) return;
    const next = { ...draft, ...change };
    const gone = new Set(Object.keys(change).flatMap(key => errorsOf[key] ?? [key]));
    const errors = Object.fromEntries(Object.entries(this.state.errors).filter(([field]) => !gone.has(field)));
    this.setState({ draft: next, errors, problem: undefined });
    this.times.show(next);
  }

  /** Takes what was typed for a parameter; undefined: the notebook's default counts. */
  setParameter(name: string, text: string | undefined): void {
    const { draft, errors } = this.state;
    if (draft === undefined) return;
    const parameters = draft.parameters.map(each =>
      each.parameter.name !== name ? each : text === undefined ? unset(each) : typed(each, text)
    );
    const { [`parameters.${name}`]: _, ...others } = errors;
    this.setState({ draft: { ...draft, parameters }, errors: others });
  }

  /** Leaves out a value for a parameter that the notebook does not have. */
  removeParameter(name: string): void {
    const { draft } = this.state;
    if (draft === undefined) return;
    this.change({ parameters: draft.parameters.filter(each => each.parameter.name !== name) });
  }

  /**
   * Reads the notebook's parameters again; what was filled in stays.
   *
   * @param again - also where it is the one that was read last: it was saved meanwhile
   */
  async readNotebook(again = false): Promise<void> {
    const { draft, form } = this.state;
    if (draft === undefined || form === undefined) return;
    const path = draft.path.trim();
    if (path === this._read && !again) return;
    this._read = path;
    try {
      const now = await this._options.client.call(scheduleRoutes.form, { query: { path } });
      const current = this.state.draft;
      if (current === undefined || current.path.trim() !== path) return;
      const { spec } = readDraft(current, this._base);
      const { parameters, parametersProblem } = now;
      const fields = draftOf({ ...spec, parameters: { ...this._unreadable(current), ...spec.parameters } }, parameters);
      const { 'notebook.path': _, ...errors } = this.state.errors;
      this.setState({
        form: { ...form, parameters, parametersProblem },
        draft: { ...current, parameters: fields.parameters },
        errors
      });
    } catch (error) {
      const { message } = asProblem(error);
      if (!this.isDisposed) this.setState({ errors: { ...this.state.errors, 'notebook.path': message } });
    }
  }

  /**
   * Saves what is filled in.
   *
   * @returns the schedule; undefined where something is to be mended, which the state says
   */
  async save(): Promise<Schedule | undefined> {
    const spec = this._checked();
    if (spec === undefined || this.state.saving) return undefined;
    this.setState({ saving: true, problem: undefined, conflict: undefined });
    try {
      const { schedule } = this.state;
      return schedule === undefined ? await this._create(spec) : await this._update(schedule, spec);
    } catch (error) {
      await this._refuse(asProblem(error));
      return undefined;
    } finally {
      this.setState({ saving: false });
    }
  }

  /** Saves over what somebody else made of it. */
  async saveOver(): Promise<Schedule | undefined> {
    const { conflict } = this.state;
    if (conflict === undefined) return undefined;
    this.setState({ schedule: conflict });
    return this.save();
  }

  /** Goes on from what somebody else made of it; what was filled in here is dropped. */
  takeTheirs(): void {
    const { conflict, form } = this.state;
    if (conflict && form) this._begin({ form: { ...form, spec: conflict.spec }, schedule: conflict });
  }

  /** Runs once what is filled in, without saving it. */
  async test(): Promise<void> {
    const spec = this._checked();
    if (spec === undefined) return;
    const { client, now } = this._options;
    const test = new TestModel({ client, opId: ulid(), spec, now });
    this.setState({ phase: 'testing', test, problem: undefined });
    try {
      await test.start();
    } catch (error) {
      if (this.state.test !== test) return;
      this.leaveTest();
      await this._refuse(asProblem(error));
    }
  }

  /** From the test back to the form; a run under way is ended. */
  leaveTest(): void {
    this.state.test?.dispose();
    this.setState({ phase: 'form', test: undefined });
  }

  override dispose(): void {
    this.times.dispose();
    this.profiles.dispose();
    this.state.test?.dispose();
    super.dispose();
  }

  private _begin({ form, schedule }: { form: ScheduleForm; schedule?: Schedule }): void {
    const draft = draftOf(form.spec, form.parameters);
    this._base = form.spec;
    this._read = draft.path;
    this.setState({ phase: 'form', form, schedule, draft, errors: {}, problem: undefined, conflict: undefined });
    this.times.show(draft, true);
  }

  /** The schedule as filled in, where all of it is right; else the state says what is not. */
  private _checked(): ScheduleSpec | undefined {
    const { draft } = this.state;
    if (draft === undefined) return undefined;
    const { trans } = this._options;
    const { spec, faults } = readDraft(draft, this._base);
    const own = Object.entries(faults).map(([field, fault]) => [field, faultSentence(fault, trans)] as const);
    try {
      const whole = check(ScheduleSpec, spec, 'spec') as ScheduleSpec;
      if (own.length === 0) return whole;
      this._tell({}, Object.fromEntries(own), []);
    } catch (error) {
      const { fields, others } = sortErrors(asProblem(error).errors ?? [], this._names);
      this._tell({}, { ...fields, ...Object.fromEntries(own) }, others);
    }
    return undefined;
  }

  private async _create(spec: ScheduleSpec): Promise<Schedule> {
    const isFirst = this._isFirst;
    this._isFirst = false;
    const schedule = await this._options.client.call(scheduleRoutes.create, { body: { opId: this._opId, spec } });
    // The answer to an earlier try was lost: it is there as it was filled in then.
    const isOld = !isFirst && JSON.stringify(schedule.spec) !== JSON.stringify(spec);
    return isOld ? this._update(schedule, spec) : schedule;
  }

  private _update({ id, revision }: Schedule, spec: ScheduleSpec): Promise<Schedule> {
    const body = { revision, spec };
    return this._options.client.call(scheduleRoutes.update, { params: { scheduleId: id }, body });
  }

  private async _refuse(problem: ProblemError): Promise<void> {
    const { schedule } = this.state;
    if (problem.code === 'conflict' && schedule !== undefined) {
      const { client } = this._options;
      const params = { scheduleId: schedule.id };
      const conflict = await client.call(scheduleRoutes.get, { params }).catch(() => undefined);
      this.setState(conflict ? { conflict } : { problem });
      return;
    }
    const files = ['file-not-found', 'file-unreadable', 'path-refused', 'not-a-notebook'];
    const errors = problem.errors ?? (files.includes(problem.code) ? [{ field: 'notebook.path', message: '' }] : []);
    const { fields, others } = sortErrors(errors, this._names);
    // A file's problem is told in whole sentences, and names the path.
    if (fields['notebook.path'] === '.') fields['notebook.path'] = problem.message;
    const isTold = Object.keys(fields).length > 0;
    this._tell({ problem: isTold ? undefined : problem }, fields, isTold ? others : []);
  }

  private _tell(change: Partial<IDialogState>, errors: FieldErrors, others: readonly string[]): void {
    const problem = others.length > 0 ? new ProblemError('invalid', others.join(' ')) : change.problem;
    this.setState({ errors, problem, refusals: this.state.refusals + 1 });
  }

  /** Values that are being typed and cannot be read yet, as text. */
  private _unreadable(draft: IDraft): Record<string, string> {
    const { faults } = readDraft(draft, this._base);
    const wrong = draft.parameters.filter(each => faults[`parameters.${each.parameter.name}`] !== undefined);
    return Object.fromEntries(wrong.map(each => [each.parameter.name, each.text]));
  }

  private get _names(): string[] {
    return this.state.draft?.parameters.map(each => each.parameter.name) ?? [];
  }

  private readonly _options: IDialogModelOptions;
  private readonly _opId = ulid();
  private _isFirst = true;
  private _read = '';
  private _base!: ScheduleSpec;
}

/** The fields whose sentences go when a part of the draft changes; others have the name of the part. */
const errorsOf: Readonly<Record<string, string[]>> = {
  path: ['notebook.path'],
  cron: ['when.cron'],
  zone: ['when.zone'],
  start: ['when.start', 'when.end'],
  end: ['when.start', 'when.end'],
  overlap: ['policy.overlap'],
  catchUp: ['policy.catchUp', 'policy.maxCatchUp'],
  maxCatchUp: ['policy.maxCatchUp'],
  retries: ['policy.retries'],
  retryDelay: ['policy.retryDelay'],
  timeout: ['policy.timeout'],
  cellTimeout: ['policy.cellTimeout'],
  lateAfter: ['policy.lateAfter'],
  target: ['publish.target'],
  isPublished: ['publish.target'],
  kernel: ['environment.kernel'],
  memory: ['environment.memory']
};
