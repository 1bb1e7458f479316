import { ProblemError } from '../../contract/problem.js';
import { Tag, Title } from '../../contract/share/records.js';
import { libraryRoutes } from '../../contract/share/library.js';
import type { PublishRequest, ShareResult } from '../../contract/share/publish.js';
import type { ILakesideApi } from '../tokens.js';
import { ConflictModel, conflictOf } from './conflictModel.js';
import { Destination } from './destination.js';
import { FindingsModel } from './findingsModel.js';
import type { JobModel } from './jobModel.js';
import { asProblem, isAbort } from './library/failure.js';
import { StateModel } from '../stateModel.js';
import type { IPlaceMemory } from './placeMemory.js';
import { toPlace } from './placeModel.js';
import type { PlaceModel } from './placeModel.js';
import { PreviewModel } from './previewModel.js';
import { mustChoose, refusing } from './policy.js';
import type { Publisher } from './publisher.js';
import type { ShareModel } from './shareModel.js';
import { SourceCopy } from './sourceCopy.js';
import { LIBRARY, TargetsModel } from './targetsModel.js';
import { webAddress } from './webAddress.js';

/** Where the dialog is. It stays in one place: the form, then the progress, then how it ended or what is to be decided. */
export type DialogPhase = 'form' | 'working' | 'done' | 'failed' | 'conflict';

/** What the dialog shows. */
export interface IDialogState {
  readonly phase: DialogPhase;
  readonly title: string;
  readonly tags: readonly string[];
  readonly hideCode: boolean;
  readonly target: string;
  /** Where in a wiki its page goes; not there for the Library, nor where the notebook has a page in that wiki. */
  readonly place?: PlaceModel;
  /** Changes that are not saved: save them first, or share what is in the file. */
  readonly unsaved: 'save' | 'leave';
  /** The answer where another notebook has the id; undefined until the person chose. */
  readonly duplicate?: 'update' | 'new';
  /** Tags of the Library, most used first. */
  readonly suggestions: readonly string[];
  /** Sentences under the fields that are not right. */
  readonly errors: {
    readonly title?: string;
    readonly tags?: string;
    readonly duplicate?: string;
    readonly target?: string;
    /** At the space of the page. */
    readonly place?: string;
    /** The name of the target that takes no notebook with a secret, where one is found. */
    readonly secrets?: string;
  };
  readonly job?: JobModel;
  readonly result?: ShareResult;
  readonly problem?: ProblemError;
  /** Somebody changed the page; the person decides. */
  readonly conflict?: ConflictModel;
  /** Whether the link is on the clipboard. */
  readonly copied: boolean;
}

/** What the dialog needs. */
export interface IDialogModelOptions {
  api: ILakesideApi;
  share: ShareModel;
  publisher: Publisher;
  settings: { defaultTags: string[]; hideCode: boolean; preview: boolean };
  /** Puts a text on the clipboard; false where the browser did not allow it. */
  copyText: (text: string) => Promise<boolean>;
  /** Where notebooks of this folder went last. */
  places: IPlaceMemory;
  /** The sentence for a title or a reason that is missing, or a question without an answer. */
  sentences: { title: string; duplicate: string; reason: string; conflict: string; place: string };
  /** Why a share failed that had no dialog: it opens with that. */
  problem?: ProblemError;
}

/** The share dialog: what is chosen, and how the share goes. */
export class DialogModel extends StateModel<IDialogState> {
  constructor(options: IDialogModelOptions) {
    const { share, settings } = options;
    const { known } = share.state;
    const published = known?.published;
    const destination = new Destination(options);
    super({
      phase: share.busy ? 'working' : 'form',
      title: published?.title ?? share.source.suggestedTitle ?? '',
      tags: published?.tags ?? settings.defaultTags,
      hideCode: published?.hideCode ?? settings.hideCode,
      target: destination.usual,
      place: destination.placeIn(destination.usual),
      unsaved: 'save',
      suggestions: [],
      errors: {},
      copied: false,
      ...(share.busy && { job: share.state.job })
    });
    this._options = options;
    this._destination = destination;
    const { api, publisher } = options;
    const { source } = share;
    this.targets = new TargetsModel(api);
    const copy = new SourceCopy({ api, source, publisher });
    this.findings = new FindingsModel({ api, source, copy });
    this.findings.stateChanged.connect(() => this._preview());
    if (settings.preview) this.preview = new PreviewModel({ api, source, copy });
    const { job } = this.state;
    if (job) void this._follow(job);
    else if (options.problem) this._fail(options.problem);
  }

  /** The places to share to, and how each stands. */
  readonly targets: TargetsModel;

  /** The page as it would be; undefined where the person switched it off. */
  readonly preview: PreviewModel | undefined;

  /** What looks like a secret in it. */
  readonly findings: FindingsModel;

  get share(): ShareModel {
    return this._options.share;
  }

  /** Loads what the form offers. What cannot be loaded is left out. */
  async load(): Promise<void> {
    this._preview();
    void this.findings.load();
    const [facets] = await Promise.all([this._facets(), this.targets.load()]);
    this.setState({ suggestions: facets?.tags.map(tag => tag.name) ?? [] });
    const { targets } = this.targets.state;
    // What was chosen last may be gone from the configuration.
    const isThere = targets.some(({ id }) => id === this.state.target);
    if (targets.length > 0 && !isThere) this.choose({ target: LIBRARY });
  }

  /** Takes what the person chose. */
  choose(change: Partial<Pick<IDialogState, 'title' | 'hideCode' | 'target' | 'unsaved' | 'duplicate'>>): void {
    const { tags } = this.state.errors;
    this.setState({ ...change, errors: { tags } });
    if (change.target !== undefined) {
      this.state.place?.dispose();
      this.setState({ place: this._destination.placeIn(change.target) });
    }
    this._preview();
  }

  /**
   * Adds a tag.
   *
   * @returns whether it was one
   */
  addTag(text: string): boolean {
    const tag = Tag.safeParse(text);
    const { tags: _, ...errors } = this.state.errors;
    if (!tag.success) {
      this.setState({ errors: { ...errors, tags: sentence(tag.error.issues[0]?.message) } });
      return false;
    }
    const tags = this.state.tags.includes(tag.data) ? this.state.tags : [...this.state.tags, tag.data];
    this.setState({ tags, errors });
    return true;
  }

  removeTag(tag: string): void {
    this.setState({ tags: this.state.tags.filter(other => other !== tag) });
  }

  /** Shares what is chosen, and follows it. */
  async submit(): Promise<void> {
    if (!this._check()) return;
    this._destination.remember(this.state.target, this.state.place);
    this.setState({ conflict: undefined });
    await this._share({});
  }

  /** Shares once more, with the answer to what somebody changed on the page. */
  async settle(): Promise<void> {
    const { conflict } = this.state;
    if (conflict?.check() !== true) return;
    const { answer, page, title } = conflict.state;
    if (answer === 'page') await this._share({ wikiPage: page });
    else if (answer === 'new') {
      const { target, place } = this.state;
      await this._share({ conflict: answer, place: this._destination.anotherIn(target, place, title.trim()) });
    } else await this._share({ conflict: answer, seen: conflict.state.conflict.seen });
  }

  /** Shares once more, without an answer: the page may have been restored or mended meanwhile. */
  async lookAgain(): Promise<void> {
    await this._share({});
  }

  /** Shares once more as it was tried last. */
  async retry(): Promise<void> {
    await this._share(this._answer);
  }

  /** The share under way, also before it is a job; undefined where there is none. */
  get underWay(): Promise<JobModel> | JobModel | undefined {
    return this.state.phase === 'working' ? (this.state.job ?? this._starting) : undefined;
  }

  /** Cancels what is under way. */
  async cancel(): Promise<void> {
    await this.share.cancel().catch((error: unknown) => this.setState({ problem: asProblem(error) }));
  }

  /** From a failure back to the form, with everything as it was chosen. */
  back(): void {
    this.setState({ phase: 'form', problem: undefined, job: undefined, conflict: undefined });
  }

  /** The page of this notebook in the chosen wiki, where it has one. */
  get wikiPage(): { title: string; url: string } | undefined {
    return this._destination.pageIn(this.state.target);
  }

  /** The absolute address of the page, once there is one: in the wiki where it was shared to one. */
  get link(): string | undefined {
    return webAddress(this.state.result?.wiki?.url) ?? this.libraryLink;
  }

  /** The absolute address of the page in the Library, once there is one. */
  get libraryLink(): string | undefined {
    const { result } = this.state;
    return result && this._options.api.address(result.page);
  }

  async copyLink(): Promise<void> {
    if (this.link !== undefined) this.setState({ copied: await this._options.copyText(this.link) });
  }

  override dispose(): void {
    this.preview?.dispose();
    this.findings.dispose();
    this.targets.dispose();
    this.state.place?.dispose();
    super.dispose();
  }

  /** @param answer - to what stood in the way last time */
  private async _share(answer: Answer): Promise<void> {
    const { title, tags, hideCode, target, place, duplicate, unsaved } = this.state;
    const findings = this.findings.decisions;
    const where = place && toPlace(place.state);
    this._answer = answer;
    this.setState({ phase: 'working', problem: undefined, job: undefined, copied: false });
    try {
      this._starting = this.share.publish({
        title: title.trim() || undefined,
        tags: [...tags],
        hideCode,
        target,
        ...(where && { place: where }),
        ...answer,
        duplicate,
        unsaved,
        ...(findings.length > 0 && { findings })
      });
      const job = await this._starting;
      this.setState({ job });
      await this._follow(job);
    } catch (error) {
      if (isAbort(error)) this._standStill();
      else this._fail(asProblem(error));
    }
  }

  /** Without suggestions the form works all the same. */
  private async _facets() {
    try {
      return await (await this._options.api.client()).call(libraryRoutes.facets, {});
    } catch {
      return undefined;
    }
  }

  /** After a cancel: back to where the person decided, with everything as it was chosen. */
  private _standStill(): void {
    this.setState({ phase: this.state.conflict ? 'conflict' : 'form', job: undefined });
  }

  /** Shows why it failed: where a person can decide or mend it, at that place. */
  private _fail(problem: ProblemError | undefined): void {
    const { conflict: before, title } = this.state;
    const { sentences } = this._options;
    const found = conflictOf(problem);
    const taken = sentenceAt('title', problem);
    const forbidden = this.state.place && sentenceAt('place.space', problem);
    if (found) {
      const asked = { title: sentences.title, answer: sentences.conflict };
      const conflict = new ConflictModel({ conflict: found, title, sentences: asked });
      this.setState({ phase: 'conflict', conflict, job: undefined });
    } else if (taken !== undefined && before) {
      before.refuseTitle(taken);
      this.setState({ phase: 'conflict', job: undefined });
    } else if (taken !== undefined) {
      this.setState({ phase: 'form', errors: { title: taken }, job: undefined });
    } else if (forbidden !== undefined) {
      this.setState({ phase: 'form', errors: { place: forbidden }, job: undefined });
    } else {
      this.setState({ phase: 'failed', problem });
    }
  }

  private async _follow(job: JobModel): Promise<void> {
    const ended = await job.finished;
    if (this.isDisposed) return;
    const { result } = job;
    if (ended.state === 'succeeded' && result !== undefined) {
      this.setState({ phase: 'done', result });
      await this.copyLink();
    } else if (ended.state === 'cancelled') {
      this._standStill();
    } else {
      this._fail(ended.problem && ProblemError.from(ended.problem));
    }
  }

  private _check(): boolean {
    const { title, duplicate, target, place } = this.state;
    const { share, sentences } = this._options;
    const offered = this.targets.get(target);
    const errors: { -readonly [Field in keyof IDialogState['errors']]: IDialogState['errors'][Field] } = {};
    // Where the title is not known beforehand, an empty field leaves it to the notebook's first heading.
    const automatic = share.source.suggestedTitle === undefined && title.trim() === '';
    const checked = Title.safeParse(title);
    if (!automatic && !checked.success) {
      errors.title = title.trim() === '' ? sentences.title : sentence(checked.error.issues[0]?.message);
    }
    if (share.state.known?.standing === 'duplicate' && duplicate === undefined) errors.duplicate = sentences.duplicate;
    errors.target = offered?.problem?.message;
    if (place && mustChoose(offered, place.state)) errors.place = sentences.place;
    if (this.findings.stand) errors.secrets = refusing(offered);
    this.setState({ errors });
    const isDecided = this.findings.check(sentences.reason);
    return Object.values<string | undefined>(errors).every(error => error === undefined) && isDecided;
  }

  private _preview(): void {
    const { title, hideCode } = this.state;
    const stand = this.findings.state.secrets.filter(secret => secret.action !== 'redact');
    this.preview?.show({ title: title.trim(), hideCode, keep: stand.map(secret => secret.fingerprint) });
  }

  private readonly _options: IDialogModelOptions;
  private readonly _destination: Destination;
  private _starting: Promise<JobModel> | undefined;
  private _answer: Answer = {};
}

type Answer = Pick<PublishRequest, 'conflict' | 'seen' | 'place' | 'wikiPage'>;

/** What a problem says about one field. */
function sentenceAt(field: string, problem: ProblemError | undefined): string | undefined {
  return problem?.errors?.find(each => each.field === field)?.message;
}

/** "must have at most 64 characters" → "Must have at most 64 characters." */
function sentence(text = ''): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
