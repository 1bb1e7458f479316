import type { ReactNode } from 'react';
import type { TargetPage, TargetSpace, TargetStanding } from '../../../contract/share/targets.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { PlaceModel } from '../placeModel.js';
import { Combobox } from './combobox.js';

/** Space and parent of a new page in a wiki, as far as that wiki has them. */
export function PlaceFields(props: { model: PlaceModel; standing: TargetStanding }): ReactNode {
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
          placeholder={trans.__('The usual one')}
          optionOf={found => ({ id: found.id, label: found.name })}
          onChoose={found => model.chooseSpace(found)}
        />
      )}
      {standing.parents && (
        <Combobox<TargetPage>
          label={trans.__('Below')}
          search={model.parents}
          chosen={parent?.title}
          placeholder={trans.__('The usual page')}
          optionOf={found => ({ id: found.id, label: found.title })}
          onChoose={found => model.chooseParent(found && { id: found.id, title: found.title, space: found.space })}
        />
      )}
    </div>
  );
}
