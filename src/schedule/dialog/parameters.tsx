import type { ReactNode } from 'react';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from './dialogModel.js';
import type { IDraft } from './draft.js';
import { ParameterField } from './parameterField.js';

/** The notebook's parameters, each in a field of its kind. */
export function Parameters(props: { model: DialogModel; draft: IDraft }): ReactNode {
  const trans = useTrans();
  const { model, draft } = props;
  const { form, errors } = useModelState(model);
  const problem = form?.parametersProblem;
  return (
    <div className="jp-LakesideSchedule-parameters" role="group" aria-label={trans.__('Parameters')} tabIndex={-1}>
      <span className="jp-Lakeside-label" aria-hidden="true">
        {trans.__('Parameters')}
      </span>
      {problem !== undefined && (
        <p className="jp-LakesideSchedule-sign">
          <span className="jp-LakesideSchedule-warn" aria-hidden="true">
            ▲
          </span>
          {problem}
        </p>
      )}
      {draft.parameters.length === 0 && problem === undefined && (
        <p className="jp-Lakeside-hint">
          {trans.__('This notebook has none. Tag a cell "parameters", and what it assigns can be set here.')}
        </p>
      )}
      {draft.parameters.map(each => (
        <ParameterField
          key={each.parameter.name}
          draft={each}
          error={errors[`parameters.${each.parameter.name}`]}
          onType={text => model.setParameter(each.parameter.name, text)}
          onDefault={() => model.setParameter(each.parameter.name, undefined)}
          onRemove={() => model.removeParameter(each.parameter.name)}
        />
      ))}
    </div>
  );
}
