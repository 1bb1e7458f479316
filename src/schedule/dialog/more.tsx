import { HTMLSelect } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import { Choice, Field } from '../../ui/field.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from './dialogModel.js';
import type { IDraft } from './draft.js';
import { Fold } from './fold.js';
import { TextLine } from './textLine.js';
import { titleOf } from './words.js';

/** The notebook, what it runs in, its first and last day, and where its output goes. */
export function MoreFold(props: { model: DialogModel; draft: IDraft }): ReactNode {
  const trans = useTrans();
  const { model, draft } = props;
  const { form, errors } = useModelState(model);
  if (form === undefined) return null;
  const can = form.backends.find(({ name }) => name === draft.where)?.can;
  const own = { name: '', title: trans.__("The notebook's own") };
  const isKnown = draft.kernel === '' || form.kernels.some(({ name }) => name === draft.kernel);
  const kernels = [own, ...form.kernels, ...(isKnown ? [] : [{ name: draft.kernel, title: draft.kernel }])];
  const kernel = draft.kernel === '' ? trans.__("the notebook's kernel") : titleOf(form.kernels, draft.kernel);
  return (
    <Fold title={trans.__('Notebook, kernel, output:')} summary={`${draft.path}, ${kernel}`}>
      <TextLine
        model={model}
        draft={draft}
        part="path"
        label={trans.__('Notebook')}
        field="notebook.path"
        onLeave={() => void model.readNotebook()}
      />
      <Choice
        label={trans.__('Runs')}
        options={[
          { value: 'follow', label: trans.__('The notebook as it is when a run begins') },
          { value: 'pin', label: trans.__('The notebook as it is now, whatever is saved later') }
        ]}
        value={draft.mode}
        onChange={mode => model.change({ mode })}
      />
      <div className="jp-LakesideSchedule-pair">
        <Field label={trans.__('Kernel')} error={errors['environment.kernel']}>
          {ids => (
            <HTMLSelect
              {...ids}
              value={draft.kernel}
              disabled={can?.kernel === false && draft.kernel === ''}
              onChange={event => model.change({ kernel: event.currentTarget.value })}
              options={kernels.map(({ name, title }) => ({ value: name, label: title }))}
            />
          )}
        </Field>
        <TextLine
          model={model}
          draft={draft}
          part="memory"
          label={trans.__('Memory')}
          field="environment.memory"
          placeholder={trans.__('no limit of its own')}
          title={trans.__('Largest memory of a run, such as 512Mi or 4Gi')}
          disabled={can?.memory === false && draft.memory === ''}
        />
        <TextLine
          model={model}
          draft={draft}
          part="start"
          type="date"
          label={trans.__('First day')}
          field="when.start"
        />
        <TextLine model={model} draft={draft} part="end" type="date" label={trans.__('Last day')} field="when.end" />
      </div>
      <TextLine
        model={model}
        draft={draft}
        part="output"
        label={trans.__('Output')}
        field="output"
        hint={trans.__('Folder of each run, or s3:// with a bucket and a folder. Macros may stand in it.')}
      />
    </Fold>
  );
}
