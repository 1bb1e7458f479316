import type { ReactNode } from 'react';
import type { ShareState } from '../../../contract/share/publish.js';
import { Choice } from '../../ui/field.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from '../dialogModel.js';

/** The question where another notebook has the same id: most often this one is a copy of it. */
export function Duplicate(props: { model: DialogModel; known: ShareState }): ReactNode {
  const trans = useTrans();
  const { model } = props;
  const { duplicate, errors } = useModelState(model);
  const { original } = props.known;
  const name = original?.title ?? original?.path ?? trans.__('another notebook');
  const where = original?.title !== undefined && original.path !== undefined ? original.path : undefined;
  return (
    <div className="jp-Lakeside-notice jp-mod-warn">
      <p>
        {trans.__('This notebook has the same id as "%1" of %2.', name, original?.owner ?? trans.__('somebody'))}
        {where !== undefined && <span className="jp-Lakeside-hint">{where}</span>}
      </p>
      <Choice
        label={trans.__('This is')}
        value={duplicate}
        error={errors.duplicate}
        options={[
          {
            value: 'new',
            label: trans.__('Publish as new'),
            hint: trans.__('A copy that goes its own way: it gets a page and an id of its own.')
          },
          {
            value: 'update',
            label: trans.__('Update that page'),
            hint: trans.__('The same notebook in another place: its page gets a new version.')
          }
        ]}
        onChange={answer => model.choose({ duplicate: answer })}
      />
    </div>
  );
}

/** Changes on the screen that are not in the file. */
export function Unsaved(props: { writable: boolean }): ReactNode {
  const trans = useTrans();
  return (
    <p className="jp-Lakeside-notice" role="status">
      {props.writable
        ? trans.__('This notebook has unsaved changes.')
        : trans.__('This notebook has changes that cannot be saved, because its file is read-only. They are left out.')}
    </p>
  );
}
