import { Button } from '@jupyterlab/ui-components';
import { useEffect, useId, useRef } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { PageConflict } from '../../../contract/share/conflict.js';
import { Field } from '../../ui/field.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { ConflictAnswer, ConflictModel } from '../conflictModel.js';
import type { DialogModel } from '../dialogModel.js';
import { ago, exactTime } from '../library/format.js';
import { webAddress } from '../webAddress.js';
import { ConflictText } from './conflictText.js';

/** Somebody changed the page: what happened, what can be done, and the text itself. */
export function Conflict(props: { model: DialogModel; conflict: ConflictModel; onClose: () => void }): ReactNode {
  const trans = useTrans();
  const { model, conflict: questions } = props;
  const { conflict, answer } = useModelState(questions);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const settle = (event: FormEvent) => {
    event.preventDefault();
    void model.settle();
  };
  const isGone = conflict.kind === 'missing' || conflict.kind === 'unmarked';

  return (
    <form className="jp-LakesideShare-phase jp-LakesideConflict" onSubmit={settle} noValidate>
      <div className="jp-LakesideShare-content">
        <div className="jp-LakesideConflict-head">
          <h2 ref={heading} tabIndex={-1} className="jp-LakesideConflict-heading">
            <span className="jp-LakesideShare-warn" aria-hidden="true">
              !
            </span>
            <span>
              <Heading conflict={conflict} />
            </span>
          </h2>
          <p className="jp-Lakeside-hint">{explanation(conflict, trans)}</p>
          {conflict.library && (
            <p className="jp-Lakeside-hint">
              {trans.__(
                'The Library has version %1 already; no page in the wiki was changed.',
                conflict.library.versionNumber
              )}
            </p>
          )}
        </div>
        <Answers model={questions} />
        {conflict.parts.length > 0 && <ConflictText conflict={conflict} />}
      </div>
      <div className="jp-LakesideShare-buttons">
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={props.onClose}>
          {trans.__('Cancel')}
        </Button>
        {isGone && (
          <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={() => void model.lookAgain()}>
            {trans.__('Look again')}
          </Button>
        )}
        <Button type="submit" className={`jp-mod-styled ${answer === 'overwrite' ? 'jp-mod-warn' : 'jp-mod-accept'}`}>
          {verb(conflict, answer, trans)}
        </Button>
      </div>
    </form>
  );
}

/** "Bob changed Delays · 3 min ago". */
function Heading({ conflict }: { conflict: PageConflict }): ReactNode {
  const trans = useTrans();
  const now = useNow(60_000);
  const { kind, pages, editor, editedAt } = conflict;
  const page = pages[0];
  if (kind === 'copies') return trans.__('%1 pages carry the mark of this notebook', pages.length);
  const link = page && <PageLink {...page} />;
  if (kind === 'missing') {
    return (
      <>
        {trans.__('The page is gone:')} {page?.title}
      </>
    );
  }
  return (
    <>
      {kind === 'edited'
        ? trans.__('%1 changed', editor ?? trans.__('Somebody'))
        : trans.__("The marks of Lakeside's part are damaged or gone in")}{' '}
      {link}
      {kind === 'edited' && editedAt !== undefined && (
        <span className="jp-LakesideConflict-when" title={exactTime(editedAt)}>
          {' · '}
          {ago(editedAt, now, trans)}
        </span>
      )}
    </>
  );
}

function PageLink({ title, url }: { title: string; url: string }): ReactNode {
  const href = webAddress(url);
  if (href === undefined) return <span>{title}</span>;
  return (
    <a className="jp-LakesideShare-link" href={href} target="_blank" rel="noopener">
      {title}
    </a>
  );
}

/** The choices, each with what it keeps and what it loses. */
function Answers({ model }: { model: ConflictModel }): ReactNode {
  const trans = useTrans();
  const { conflict, answer, page, title, errors } = useModelState(model);
  const { kind, pages, answers } = conflict;
  const id = useId();
  const option = (
    value: ConflictAnswer,
    label: string,
    hint: string,
    given: { page?: string; disabled?: boolean } = {}
  ) => (
    <label key={given.page ?? value} className="jp-Lakeside-option">
      <input
        type="radio"
        name={id}
        checked={answer === value && page === given.page}
        disabled={given.disabled === true}
        onChange={() => model.choose({ answer: value, page: given.page })}
      />
      <span>
        {label}
        <span className="jp-Lakeside-hint">{hint}</span>
      </span>
    </label>
  );
  return (
    <fieldset
      className="jp-LakesideConflict-answers"
      aria-invalid={errors.answer === undefined ? undefined : true}
      aria-describedby={errors.answer === undefined ? undefined : `${id}-error`}
    >
      <legend className="jp-Lakeside-forReaders">{trans.__('What becomes of the page')}</legend>
      {kind === 'edited' &&
        option('merge', trans.__('Merge'), mergeHint(conflict, trans), { disabled: !answers.includes('merge') })}
      {answers.includes('overwrite') &&
        option(
          'overwrite',
          kind === 'edited' ? trans.__('Overwrite') : trans.__('Write it again on that page'),
          kind === 'edited' ? overwriteHint(conflict, trans) : trans.__('Below what stands there now, which stays.')
        )}
      {kind === 'copies' &&
        pages.map(each => option('page', trans.__('Go on with "%1"', each.title), each.url, { page: each.id }))}
      {answers.includes('new') && option('new', trans.__('New page'), newHint(conflict, trans))}
      {answer === 'new' && (
        <div className="jp-LakesideConflict-title">
          <Field label={trans.__('Title')} error={errors.title}>
            {ids => (
              <input
                {...ids}
                type="text"
                className="jp-mod-styled"
                autoComplete="off"
                value={title}
                onChange={event => model.choose({ title: event.target.value })}
              />
            )}
          </Field>
        </div>
      )}
      {errors.answer !== undefined && (
        <div id={`${id}-error`} className="jp-Lakeside-error" role="alert">
          {errors.answer}
        </div>
      )}
    </fieldset>
  );
}

function explanation({ kind }: PageConflict, trans: TranslationBundle): string {
  switch (kind) {
    case 'edited':
      return trans.__(
        'Inside the part that Lakeside writes. Nothing is written there until you choose; what people write above and below stays in any case.'
      );
    case 'unmarked':
      return trans.__(
        'Lakeside writes between two marked lines, and does not know any more where that was. Mend them in the wiki and look again, or choose.'
      );
    case 'missing':
      return trans.__(
        'It was deleted, or its Lakeside marks were taken out. If it should be there, restore it in the wiki and look again.'
      );
    case 'copies':
      return trans.__('Somebody copied it. Choose the one that is kept up to date; the others are left alone.');
  }
}

function mergeHint({ counts, answers }: PageConflict, trans: TranslationBundle): string {
  if (answers.includes('merge'))
    return trans.__('Keeps what was changed on the page, and brings what is new in the notebook.');
  if (counts.clash === 0) return trans.__('Not possible: nobody knows what was shared last.');
  return trans._n(
    'Not possible: %1 place was changed on both sides. It is marked below.',
    'Not possible: %1 places were changed on both sides. They are marked below.',
    counts.clash
  );
}

function overwriteHint({ counts }: PageConflict, trans: TranslationBundle): string {
  const lost = counts.theirs + counts.clash;
  return trans._n(
    "The page says what the notebook says; %1 change made there is lost from it. The wiki's history keeps it.",
    "The page says what the notebook says; %1 changes made there are lost from it. The wiki's history keeps them.",
    lost
  );
}

function newHint({ kind }: PageConflict, trans: TranslationBundle): string {
  return kind === 'missing'
    ? trans.__('The notebook gets another one, and goes on there.')
    : trans.__('That page stays as it is and is not updated any more; the notebook goes on on another one.');
}

/** What the button does, in a verb. */
function verb({ kind }: PageConflict, answer: ConflictAnswer | undefined, trans: TranslationBundle): string {
  if (answer === 'merge') return trans.__('Merge');
  if (answer === 'overwrite') return kind === 'edited' ? trans.__('Overwrite page') : trans.__('Write it again');
  return answer === 'new' ? trans.__('Make new page') : trans.__('Update page');
}
