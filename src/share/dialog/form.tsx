import { Button } from '@jupyterlab/ui-components';
import { useEffect, useRef } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { Finding } from '../../../contract/share/findings.js';
import { Field } from '../../ui/field.js';
import { useModelState } from '../../ui/hooks.js';
import { TagField } from '../../ui/tagField.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from '../dialogModel.js';
import { isShared } from '../shareMark.js';
import { Findings } from './findings.js';
import { Duplicate, Unsaved } from './notices.js';
import { refusing } from '../policy.js';
import { Where } from './where.js';

/** What can be chosen about a share. */
export function Form(props: { model: DialogModel; onClose: () => void }): ReactNode {
  const trans = useTrans();
  const { model } = props;
  const state = useModelState(model);
  const share = useModelState(model.share);
  const title = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    title.current?.focus();
    title.current?.select();
  }, []);

  const { known } = share;
  const isUpdate = known?.standing === 'duplicate' ? state.duplicate === 'update' : isShared(known);
  const canSave = model.share.source.writable;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    model.choose({ unsaved: canSave ? 'save' : 'leave' });
    void model.submit();
    // What is not right may be out of sight.
    requestAnimationFrame(() => form.current?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'nearest' }));
  };
  const { source } = model.share;
  const jump =
    source.reveal &&
    ((finding: Finding) => {
      props.onClose();
      if (finding.cell) source.reveal?.(finding.cell);
    });
  const shareSaved = () => {
    model.choose({ unsaved: 'leave' });
    void model.submit();
  };

  return (
    <form ref={form} className="jp-LakesideShare-phase" onSubmit={submit} noValidate>
      <div className="jp-LakesideShare-content">
        {known?.standing === 'duplicate' && <Duplicate model={model} known={known} />}
        <Field label={trans.__('Title')} error={state.errors.title}>
          {ids => (
            <input
              {...ids}
              ref={title}
              type="text"
              className="jp-mod-styled"
              autoComplete="off"
              placeholder={trans.__('The first heading of the notebook')}
              value={state.title}
              onChange={event => model.choose({ title: event.target.value })}
            />
          )}
        </Field>
        <Where model={model} />
        <TagField
          label={trans.__('Tags')}
          tags={state.tags}
          suggestions={state.suggestions}
          hint={trans.__('Words that others find it by.')}
          error={state.errors.tags}
          onAdd={tag => model.addTag(tag)}
          onRemove={tag => model.removeTag(tag)}
        />
        <label className="jp-Lakeside-option jp-LakesideShare-hideCode">
          <input
            type="checkbox"
            checked={state.hideCode}
            onChange={event => model.choose({ hideCode: event.target.checked })}
          />
          <span>{trans.__('Hide code')}</span>
        </label>
        <FindingsHere model={model} {...(jump && { onJump: jump })} />
        {share.dirty && <Unsaved writable={canSave} />}
        {state.problem && (
          <p className="jp-Lakeside-error" role="alert">
            {state.problem.message}
          </p>
        )}
      </div>
      <div className="jp-LakesideShare-buttons">
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={props.onClose}>
          {trans.__('Cancel')}
        </Button>
        {share.dirty && canSave && (
          <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={shareSaved}>
            {trans.__('Share the saved version')}
          </Button>
        )}
        <Button type="submit" className="jp-mod-styled jp-mod-accept">
          {submitLabel()}
        </Button>
      </div>
    </form>
  );

  function submitLabel(): string {
    if (share.dirty && canSave) return isUpdate ? trans.__('Save and update page') : trans.__('Save and share');
    if (share.dirty) return trans.__('Share the saved version');
    return isUpdate ? trans.__('Update page') : trans.__('Share');
  }
}

/** What looks like a secret, as the chosen place takes it. */
function FindingsHere(props: { model: DialogModel; onJump?: (finding: Finding) => void }): ReactNode {
  const { model, ...more } = props;
  const { target, errors } = useModelState(model);
  useModelState(model.targets);
  const refusedBy = refusing(model.targets.get(target));
  return <Findings model={model.findings} refusedBy={refusedBy} isStopped={errors.secrets !== undefined} {...more} />;
}
