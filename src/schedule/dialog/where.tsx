import { useId } from 'react';
import type { ReactNode } from 'react';
import type { Backend } from '../../../contract/schedule/form.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from './dialogModel.js';
import type { IDraft } from './draft.js';
import { refusals } from './words.js';

/** Where it runs, and what that promises. What cannot do all that is chosen is greyed, with the reason. */
export function Where(props: { model: DialogModel; draft: IDraft }): ReactNode {
  const trans = useTrans();
  const { model, draft } = props;
  const { form, errors } = useModelState(model);
  const backends = form?.backends ?? [];
  const error = errors['where'];
  const id = useId();
  const [only] = backends;
  if (backends.length < 2 && (only?.name ?? draft.where) === draft.where && error === undefined) {
    return (
      <div className="jp-Lakeside-field">
        <span className="jp-Lakeside-label">{trans.__('Where')}</span>
        <div className="jp-Lakeside-fieldBody">
          <span>{only?.title ?? draft.where}</span>
          {only && <span className="jp-Lakeside-hint">{only.promise}</span>}
        </div>
      </div>
    );
  }
  return (
    <fieldset className="jp-Lakeside-field" aria-describedby={error === undefined ? undefined : `${id}-error`}>
      <legend>{trans.__('Where')}</legend>
      <div className="jp-Lakeside-fieldBody">
        {backends.map(backend => (
          <Option
            key={backend.name}
            backend={backend}
            name={id}
            draft={draft}
            invalid={error !== undefined}
            onChoose={() => model.change({ where: backend.name })}
          />
        ))}
        {error !== undefined && (
          <div id={`${id}-error`} className="jp-Lakeside-error" role="alert">
            {error}
          </div>
        )}
      </div>
    </fieldset>
  );
}

function Option(props: {
  backend: Backend;
  name: string;
  draft: IDraft;
  invalid: boolean;
  onChoose: () => void;
}): ReactNode {
  const trans = useTrans();
  const { backend, draft } = props;
  const isChosen = backend.name === draft.where;
  const lacks = refusals(backend, draft, trans);
  const reason = useId();
  return (
    <label className="jp-Lakeside-option">
      <input
        type="radio"
        name={props.name}
        value={backend.name}
        checked={isChosen}
        disabled={lacks.length > 0 && !isChosen}
        aria-invalid={props.invalid ? true : undefined}
        aria-describedby={reason}
        onChange={props.onChoose}
      />
      <span>
        {backend.title}
        <span id={reason} className="jp-Lakeside-hint">
          {lacks.length === 0 ? backend.promise : trans.__('It cannot do what is chosen here: %1.', lacks.join(', '))}
        </span>
      </span>
    </label>
  );
}
