import { Button } from '@jupyterlab/ui-components';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { asProblem } from '../../api/problems.js';
import { ago, exactTime } from '../../ui/format.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from './dialogModel.js';

/** The notebook as it is open beside the dialog. */
export interface IOpenNotebook {
  /** Changes on the screen that are not in the file. */
  readonly dirty: boolean;
  save(): Promise<void>;
}

/** Runs read the file: what is on the screen only does not count. */
export function Unsaved(props: {
  model: DialogModel;
  notebook: IOpenNotebook;
  /** Told when it goes, with the button that had the focus. */
  onGone: () => void;
}): ReactNode {
  const trans = useTrans();
  const { model, notebook } = props;
  const [phase, setPhase] = useState<'dirty' | 'saving' | 'saved'>(notebook.dirty ? 'dirty' : 'saved');
  const [error, setError] = useState('');
  if (phase === 'saved') return null;
  const save = async () => {
    setPhase('saving');
    try {
      await notebook.save();
      setPhase('saved');
      props.onGone();
      await model.readNotebook(true);
    } catch (reason) {
      setPhase('dirty');
      setError(reason instanceof Error ? reason.message : asProblem(reason).message);
    }
  };
  return (
    <div className="jp-Lakeside-notice jp-mod-warn" role="status">
      <p>{trans.__('The notebook has changes that are not saved. Runs take what is saved.')}</p>
      {error !== '' && <p className="jp-Lakeside-error">{error}</p>}
      <Button
        type="button"
        className="jp-mod-styled jp-mod-reject"
        disabled={phase === 'saving'}
        onClick={() => void save()}
      >
        {trans.__('Save notebook')}
      </Button>
    </div>
  );
}

/** Somebody else changed the schedule: whose word counts. */
export function Conflict(props: { model: DialogModel; onOver: () => void; onGone: () => void }): ReactNode {
  const trans = useTrans();
  const { model } = props;
  const { conflict } = useModelState(model);
  const now = useNow(60_000);
  if (conflict === undefined) return null;
  return (
    <div className="jp-Lakeside-notice jp-mod-warn" role="alert">
      <p title={exactTime(conflict.updatedAt)}>
        {trans.__('This schedule was changed in another window %1.', ago(conflict.updatedAt, now, trans))}
      </p>
      <div className="jp-LakesideSchedule-answers">
        <Button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          onClick={() => {
            model.takeTheirs();
            props.onGone();
          }}
        >
          {trans.__('Show that one')}
        </Button>
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={props.onOver}>
          {trans.__('Save mine over it')}
        </Button>
      </div>
    </div>
  );
}
