import { ProblemError } from '../../contract/problem.js';
import { Tag, Title } from '../../contract/share/records.js';
import { libraryRoutes } from '../../contract/share/library.js';
import { publishRoutes } from '../../contract/share/publish.js';
import type { ShareResult, Target } from '../../contract/share/publish.js';
import type { ILakesideApi } from '../tokens.js';
import { FindingsModel } from './findingsModel.js';
import type { JobModel } from './jobModel.js';
import { asProblem, isAbort } from './library/failure.js';
import { StateModel } from './library/stateModel.js';
import { PreviewModel } from './previewModel.js';
import type { Publisher } from './publisher.js';
import type { ShareModel } from './shareModel.js';
import { SourceCopy } from './sourceCopy.js';

/** Where the dialog is. It stays in one place: the form, then the progress, then how it ended. */
export type DialogPhase = 'form' | 'working' | 'done' | 'failed';

/** What the dialog shows. */
export interface IDialogState {
  readonly phase: DialogPhase;
  readonly title: string;
  readonly tags: readonly string[];
  readonly hideCode: boolean;
  readonly target: string;
  /** Changes that are not saved: save them first, or share what is in the file. */
  readonly unsaved: 'save' | 'leave';
  /** The answer where another notebook has the id; undefined until the person chose. */
  readonly duplicate?: 'update' | 'new';
  readonly targets: readonly Target[];
  /** Tags of the Library, most used first. */
  readonly suggestions: readonly string[];
  /** Sentences under the fields that are not right. */
  readonly errors: { readonly title?: string; readonly tags?: string; readonly duplicate?: string };
  readonly job?: JobModel;
  readonly result?: ShareResult;
  readonly problem?: ProblemError;
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
  /** The sentence for a title or a reason that is missing, or a duplicate without an answer. */
  sentences: { title: string; duplicate: string; reason: string };
}

/** The share dialog: what is chosen, and how the share goes. */
export class DialogModel extends StateModel<IDialogState> {
  constructor(options: IDialogModelOptions) {
    const { share, settings } = options;
    const { known } = share.state;
    const published = known?.published;
    super({
      phase: share.busy ? 'working' : 'form',
      title: published?.title ?? share.source.suggestedTitle ?? '',
      tags: published?.tags ?? settings.defaultTags,
      hideCode: published?.hideCode ?? settings.hideCode,
      target: published?.target ?? 'library',
      unsaved: 'save',
      targets: [],
      suggestions: [],
      errors: {},
      copied: false,
      ...(share.busy && { job: share.state.job })
    });
    this._options = options;
    const { api, publisher } = options;
    const { source } = share;
    const copy = new SourceCopy({ api, source, publisher });
    this.findings = new FindingsModel({ api, source, copy });
    this.findings.stateChanged.connect(() => this._preview());
    if (settings.preview) this.preview = new PreviewModel({ api, source, copy });
    const { job } = this.state;
    if (job) void this._follow(job);
  }

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
    try {
      const client = await this._options.api.client();
      const [targets, facets] = await Promise.all([
        client.call(publishRoutes.targets, {}),
        client.call(libraryRoutes.facets, {}).catch(() => undefined)
      ]);
      this.setState({ targets: targets.targets, suggestions: facets?.tags.map(tag => tag.name) ?? [] });
    } catch (error) {
      this.setState({ problem: asProblem(error) });
    }
  }

  /** Takes what the person chose. */
  choose(change: Partial<Pick<IDialogState, 'title' | 'hideCode' | 'target' | 'unsaved' | 'duplicate'>>): void {
    const { title: _title, duplicate: _duplicate, ...errors } = this.state.errors;
    this.setState({ ...change, errors: { ...errors } });
    this._preview();
  }

  /**
   * Adds a tag.
   *
   * @returns whether it was one
   */
  addTag(text: string): boolean {
    const tag = Tag.safeParse(text);
    const { title, duplicate } = this.state.errors;
    if (!tag.success) {
      this.setState({ errors: { title, duplicate, tags: sentence(tag.error.issues[0]?.message) } });
      return false;
    }
    const tags = this.state.tags.includes(tag.data) ? this.state.tags : [...this.state.tags, tag.data];
    this.setState({ tags, errors: { title, duplicate } });
    return true;
  }

  removeTag(tag: string): void {
    this.setState({ tags: this.state.tags.filter(other => other !== tag) });
  }

  /** Shares what is chosen, and follows it. */
  async submit(): Promise<void> {
    if (!this._check()) return;
    const { title, tags, hideCode, target, duplicate, unsaved } = this.state;
    const findings = this.findings.decisions;
    this.setState({ phase: 'working', problem: undefined, job: undefined, copied: false });
    try {
      this._starting = this.share.publish({
        title: title.trim() || undefined,
        tags: [...tags],
        hideCode,
        target,
        duplicate,
        unsaved,
        ...(findings.length > 0 && { findings })
      });
      const job = await this._starting;
      this.setState({ job });
      await this._follow(job);
    } catch (error) {
      if (isAbort(error)) this.setState({ phase: 'form' });
      else this.setState({ phase: 'failed', problem: asProblem(error) });
    }
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
    this.setState({ phase: 'form', problem: undefined, job: undefined });
  }

  /** The absolute address of the page, once there is one. */
  get link(): string | undefined {
    const { result } = this.state;
    return result && this._options.api.address(result.page);
  }

  async copyLink(): Promise<void> {
    if (this.link !== undefined) this.setState({ copied: await this._options.copyText(this.link) });
  }

  override dispose(): void {
    this.preview?.dispose();
    this.findings.dispose();
    super.dispose();
  }

  private async _follow(job: JobModel): Promise<void> {
    const ended = await job.finished;
    if (this.isDisposed) return;
    const { result } = job;
    if (ended.state === 'succeeded' && result !== undefined) {
      this.setState({ phase: 'done', result });
      await this.copyLink();
    } else if (ended.state === 'cancelled') {
      this.setState({ phase: 'form', job: undefined });
    } else {
      this.setState({ phase: 'failed', problem: ended.problem && ProblemError.from(ended.problem) });
    }
  }

  private _check(): boolean {
    const { title, duplicate } = this.state;
    const { share, sentences } = this._options;
    const errors: { title?: string; duplicate?: string } = {};
    // Where the title is not known beforehand, an empty field leaves it to the notebook's first heading.
    const automatic = share.source.suggestedTitle === undefined && title.trim() === '';
    const checked = Title.safeParse(title);
    if (!automatic && !checked.success) {
      errors.title = title.trim() === '' ? sentences.title : sentence(checked.error.issues[0]?.message);
    }
    if (share.state.known?.standing === 'duplicate' && duplicate === undefined) errors.duplicate = sentences.duplicate;
    this.setState({ errors });
    const isDecided = this.findings.check(sentences.reason);
    return errors.title === undefined && errors.duplicate === undefined && isDecided;
  }

  private _preview(): void {
    const { title, hideCode } = this.state;
    const stand = this.findings.state.secrets.filter(secret => secret.action !== 'redact');
    this.preview?.show({ title: title.trim(), hideCode, keep: stand.map(secret => secret.fingerprint) });
  }

  private readonly _options: IDialogModelOptions;
  private _starting: Promise<JobModel> | undefined;
}

/** "must have at most 64 characters" → "Must have at most 64 characters." */
function sentence(text = ''): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
