import type { ProblemError } from '../../contract/problem.js';
import { PageConflict } from '../../contract/share/conflict.js';
import { Title } from '../../contract/share/records.js';
import { StateModel } from '../stateModel.js';

/** How a person settles it. `page`: go on with one of several pages. */
export type ConflictAnswer = 'merge' | 'overwrite' | 'new' | 'page';

/** What the conflict view shows. */
export interface IConflictState {
  readonly conflict: PageConflict;
  /** Undefined until the person chose. */
  readonly answer?: ConflictAnswer;
  /** The id of the page to go on with, for `page`. */
  readonly page?: string;
  /** What a new page would be called. */
  readonly title: string;
  readonly errors: { readonly answer?: string; readonly title?: string };
}

/** What the conflict view needs. */
export interface IConflictModelOptions {
  conflict: PageConflict;
  /** The title of the notebook. */
  title: string;
  sentences: { title: string; answer: string };
}

/** A page that somebody changed, and what becomes of it. Nothing happens before a person answers. */
export class ConflictModel extends StateModel<IConflictState> {
  constructor(private readonly _options: IConflictModelOptions) {
    const { conflict, title } = _options;
    const { kind, answers } = conflict;
    const only = kind === 'missing' ? 'new' : undefined;
    super({
      conflict,
      answer: answers.includes('merge') ? 'merge' : only,
      // Two pages of one place cannot have the same title; that of a page that is gone is free.
      title: kind === 'missing' ? title : `${title} (2)`,
      errors: {}
    });
  }

  /** Takes what the person chose. */
  choose(change: Partial<Pick<IConflictState, 'answer' | 'page' | 'title'>>): void {
    this.setState({ ...change, errors: {} });
  }

  /** Says what is wrong with the title of the new page. */
  refuseTitle(sentence: string): void {
    this.setState({ errors: { title: sentence } });
  }

  /** Whether it is answered; what is missing is said. */
  check(): boolean {
    const { answer, page, title } = this.state;
    const { sentences } = this._options;
    const errors: { answer?: string; title?: string } = {};
    if (answer === undefined || (answer === 'page' && page === undefined)) errors.answer = sentences.answer;
    if (answer === 'new' && !Title.safeParse(title).success) errors.title = sentences.title;
    this.setState({ errors });
    return errors.answer === undefined && errors.title === undefined;
  }
}

/** What stands between a share and the page of a wiki; undefined where a problem is of another kind. */
export function conflictOf(problem: ProblemError | undefined): PageConflict | undefined {
  return PageConflict.safeParse(problem?.details).data;
}
