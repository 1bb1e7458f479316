import { HTMLSelect } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import { Field } from '../../ui/field.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from './dialogModel.js';
import type { IDraft } from './draft.js';
import { Fold } from './fold.js';
import { NotifyTable } from './notifyTable.js';
import { publishSummary } from './words.js';

/** What becomes of a good run: its output is shared, and people are told. */
export function PublishFold(props: { model: DialogModel; draft: IDraft }): ReactNode {
  const trans = useTrans();
  const { model, draft } = props;
  const { form, errors } = useModelState(model);
  if (form === undefined) return null;
  const backend = form.backends.find(({ name }) => name === draft.where);
  const cannot = backend?.can.publish === false;
  const isKnown = form.targets.some(({ name }) => name === draft.target);
  const targets = isKnown ? form.targets : [...form.targets, { name: draft.target, title: draft.target }];
  return (
    <Fold title={trans.__('After success:')} summary={publishSummary(draft, form, trans)}>
      <label className="jp-Lakeside-option">
        <input
          type="checkbox"
          checked={draft.isPublished}
          disabled={cannot && !draft.isPublished}
          onChange={event => model.change({ isPublished: event.target.checked })}
        />
        <span>
          {trans.__('Update its page with the new output')}
          {cannot && <span className="jp-Lakeside-hint">{trans.__('Not on %1.', backend.title)}</span>}
        </span>
      </label>
      {draft.isPublished && (
        <>
          <Field label={trans.__('Page in')} error={errors['publish.target']}>
            {ids => (
              <HTMLSelect
                {...ids}
                value={draft.target}
                onChange={event => model.change({ target: event.currentTarget.value })}
                options={targets.map(({ name, title }) => ({ value: name, label: title }))}
              />
            )}
          </Field>
          <label className="jp-Lakeside-option">
            <input
              type="checkbox"
              checked={draft.hideCode}
              onChange={event => model.change({ hideCode: event.target.checked })}
            />
            <span>{trans.__('Hide code')}</span>
          </label>
        </>
      )}
      <NotifyTable model={model} draft={draft} events={['success']} />
    </Fold>
  );
}
