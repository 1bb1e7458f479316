import type { ReactNode } from 'react';
import type { TargetPage, TargetSpace, TargetStanding } from '../../../contract/share/targets.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { PlaceModel } from '../placeModel.js';
import { Combobox } from './combobox.js';

/** Space and parent of a new page in a wiki, as far as that wiki has them. */
export function PlaceFields(props: {
  model: PlaceModel;
  standing: TargetStanding;
  /** Whether nothing can be shared before a space is chosen. */
  required: boolean;
  error: string | undefined;
  /** Told when something else is chosen. */
  onChange: () => void;
}): ReactNode {
  const trans = useTrans();
  const { model, standing } = props;
  const { space, parent } = useModelState(model);
  if (!standing.spaces && !standing.parents) return null;
  return (
    <div className="jp-LakesideShare-place">
      {standing.spaces && (
        <Combobox<TargetSpace>
          label={trans.__('Space')}
          search={model.spaces}
          chosen={space?.name}
          placeholder={usual()}
          error={props.error}
          optionOf={found => ({ id: found.id, label: found.name })}
          onChoose={found => {
            model.chooseSpace(found);
            props.onChange();
          }}
        />
      )}
      {standing.parents && (
        <Combobox<TargetPage>
          label={trans.__('Below')}
          search={model.parents}
          chosen={parent?.title}
          placeholder={props.required ? trans.__('No page') : trans.__('The usual page')}
          optionOf={found => ({ id: found.id, label: found.title })}
          onChoose={found => {
            model.chooseParent(found && { id: found.id, title: found.title, space: found.space });
            props.onChange();
          }}
        />
      )}
    </div>
  );

  function usual(): string {
    if (props.required) return trans.__('Choose one');
    return standing.home ? trans.__('%1, the usual one', standing.home.name) : trans.__('The usual one');
  }
}
