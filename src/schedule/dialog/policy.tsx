import { HTMLSelect } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import type { Backend } from '../../../contract/schedule/form.js';
import { Field } from '../../ui/field.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from './dialogModel.js';
import type { IDraft } from './draft.js';
import { Fold } from './fold.js';
import { NotifyTable } from './notifyTable.js';
import { TextLine } from './textLine.js';
import { catchUpWord, overlapWord, policySummary } from './words.js';

const overlaps = ['skip', 'queue', 'replace', 'allow'] as const;
const catchUps = ['none', 'last', 'all'] as const;

/** What happens when it fails, is late, or meets itself, and who is told. */
export function PolicyFold(props: { model: DialogModel; draft: IDraft }): ReactNode {
  const trans = useTrans();
  const { model, draft } = props;
  const { form, errors } = useModelState(model);
  if (form === undefined) return null;
  const backend = form.backends.find(({ name }) => name === draft.where);

  return (
    <Fold title={trans.__('If it fails, is late or overlaps:')} summary={policySummary(draft, form, trans)}>
      <div className="jp-LakesideSchedule-pair">
        <Field label={trans.__('Overlap')} error={errors['policy.overlap']}>
          {ids => (
            <HTMLSelect
              {...ids}
              value={draft.overlap}
              onChange={event => model.change({ overlap: event.currentTarget.value as IDraft['overlap'] })}
            >
              {overlaps.map(value => (
                <option key={value} value={value} disabled={backend && !backend.can.overlap.includes(value)}>
                  {overlapWord(value, trans) + lacking(backend, backend?.can.overlap.includes(value))}
                </option>
              ))}
            </HTMLSelect>
          )}
        </Field>
        <Field label={trans.__('Missed')} error={errors['policy.catchUp']}>
          {ids => (
            <HTMLSelect
              {...ids}
              value={draft.catchUp}
              onChange={event => model.change({ catchUp: event.currentTarget.value as IDraft['catchUp'] })}
            >
              {catchUps.map(value => (
                <option key={value} value={value} disabled={backend && !backend.can.catchUp.includes(value)}>
                  {catchUpWord(value, trans) + lacking(backend, backend?.can.catchUp.includes(value))}
                </option>
              ))}
            </HTMLSelect>
          )}
        </Field>
        {draft.catchUp === 'all' && (
          <TextLine
            model={model}
            draft={draft}
            part="maxCatchUp"
            label={trans.__('At most')}
            field="policy.maxCatchUp"
          />
        )}
        <TextLine
          model={model}
          draft={draft}
          part="retries"
          label={trans.__('Retries')}
          field="policy.retries"
          title={trans.__('How often a run that failed for a passing reason is tried again')}
        />
        <TextLine
          model={model}
          draft={draft}
          part="retryDelay"
          label={trans.__('After')}
          field="policy.retryDelay"
          title={trans.__('Time before the first retry, such as 90s or 5m; each further one waits twice as long')}
        />
        <TextLine
          model={model}
          draft={draft}
          part="timeout"
          label={trans.__('Time-out')}
          field="policy.timeout"
          title={trans.__('Longest time of a run, such as 30m, 6h or 1d')}
        />
        <TextLine
          model={model}
          draft={draft}
          part="cellTimeout"
          label={trans.__('Of a cell')}
          field="policy.cellTimeout"
          placeholder={trans.__('none')}
          title={trans.__('Longest time of one cell, such as 10m')}
        />
        <TextLine
          model={model}
          draft={draft}
          part="lateAfter"
          label={trans.__('Late after')}
          field="policy.lateAfter"
          placeholder={trans.__('never')}
          title={trans.__('After this time without an end a run is late, such as 45m')}
        />
      </div>
      <label className="jp-Lakeside-option">
        <input
          type="checkbox"
          checked={draft.retryTimeouts}
          onChange={event => model.change({ retryTimeouts: event.target.checked })}
        />
        <span>{trans.__('Retry a run that took too long, too')}</span>
      </label>
      <NotifyTable model={model} draft={draft} events={['failure', 'recovery', 'late']} />
    </Fold>
  );

  function lacking(of: Backend | undefined, can: boolean | undefined): string {
    return of === undefined || can === true ? '' : ` (${trans.__('not on %1', of.title)})`;
  }
}
