import { Button } from '@jupyterlab/ui-components';
import { useEffect, useRef } from 'react';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import type { Schedule } from '../../../contract/schedule/records.js';
import { Field } from '../../ui/field.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from './dialogModel.js';
import type { IDraft } from './draft.js';
import { Credentials } from './credentials.js';
import { MoreFold } from './more.js';
import { Conflict, Unsaved } from './notices.js';
import type { IOpenNotebook } from './notices.js';
import { Parameters } from './parameters.js';
import { PolicyFold } from './policy.js';
import { PublishFold } from './publish.js';
import { When } from './when.js';
import { Where } from './where.js';

/** What the form needs. */
export interface IFormProps {
  model: DialogModel;
  draft: IDraft;
  notebook: IOpenNotebook | undefined;
  onSaved: (schedule: Schedule) => void;
  onClose: () => void;
}

/** What can be chosen about a schedule. */
export function Form(props: IFormProps): ReactNode {
  const trans = useTrans();
  const { model, draft } = props;
  const { schedule, errors, problem, saving, refusals } = useModelState(model);
  const form = useRef<HTMLFormElement>(null);
  const name = useRef<HTMLInputElement>(null);
  const told = useRef(refusals);
  useEffect(() => {
    // Back from a test that was refused, the first field to mend has the focus.
    if (model.state.refusals === told.current) name.current?.focus();
  }, [model]);
  useEffect(() => {
    if (refusals === told.current) return;
    told.current = refusals;
    reveal(form.current);
  }, [refusals]);

  const finish = async (saved: Promise<Schedule | undefined>) => {
    const done = await saved;
    if (done) props.onSaved(done);
  };
  // Without the focus inside, the dialog hears no keys.
  const toName = () => name.current?.focus();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void finish(model.save());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // In a text of several lines Enter makes another one.
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void finish(model.save());
  };

  return (
    <form ref={form} className="jp-LakesideSchedule-phase" onSubmit={submit} onKeyDown={onKeyDown} noValidate>
      <div className="jp-LakesideSchedule-content">
        <Conflict model={model} onOver={() => void finish(model.saveOver())} onGone={toName} />
        {props.notebook && <Unsaved model={model} notebook={props.notebook} onGone={toName} />}
        <Field label={trans.__('Name')} error={errors['name']}>
          {ids => (
            <input
              {...ids}
              ref={name}
              type="text"
              className="jp-mod-styled"
              autoComplete="off"
              value={draft.name}
              onChange={event => model.change({ name: event.target.value })}
            />
          )}
        </Field>
        <When model={model} draft={draft} />
        <Parameters model={model} draft={draft} />
        <Where model={model} draft={draft} />
        <Credentials model={model} draft={draft} />
        <PolicyFold model={model} draft={draft} />
        <PublishFold model={model} draft={draft} />
        <MoreFold model={model} draft={draft} />
        {problem && (
          <p className="jp-Lakeside-error" role="alert" tabIndex={-1}>
            {problem.message}
          </p>
        )}
      </div>
      <div className="jp-LakesideSchedule-buttons">
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={() => void model.test()}>
          {trans.__('Test now')}
        </Button>
        <span className="jp-LakesideSchedule-space" />
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={props.onClose}>
          {trans.__('Cancel')}
        </Button>
        <Button type="submit" className="jp-mod-styled jp-mod-accept" disabled={saving}>
          {schedule === undefined ? trans.__('Save schedule') : trans.__('Save changes')}
        </Button>
      </div>
    </form>
  );
}

/** Brings the first thing that is to be mended into sight and gives it the focus, unfolding what hides it. */
function reveal(form: HTMLFormElement | null): void {
  const wrong =
    form?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? form?.querySelector<HTMLElement>('[role="alert"]');
  if (!wrong) return;
  for (let fold = wrong.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null)
    fold.open = true;
  wrong.focus({ preventScroll: true });
  wrong.scrollIntoView({ block: 'center' });
}
