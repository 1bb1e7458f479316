import { HTMLSelect } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import { Field } from '../../ui/field.js';
import type { IFieldIds } from '../../ui/field.js';
import { useTrans } from '../../ui/trans.js';
import type { AddModel, IAddState } from './addModel.js';
import type { IField } from './kinds.js';
import { placeOf } from './settings.js';
import type { SecretPlace } from './settings.js';

/** What inputs of settings have in common. */
export const PLAIN = { className: 'jp-mod-styled', autoComplete: 'off', spellCheck: false } as const;

interface ISettingProps {
  model: AddModel;
  state: IAddState;
  field: IField;
  /** In place of the field's own. */
  hint?: string | undefined;
  /** Whether it is said that it may be left out; where all may, nobody needs to hear it. */
  saysOptional?: boolean;
}

/** A setting of a source, by how it is filled in. */
export function Setting({ model, state, field, hint = field.hint, saysOptional }: ISettingProps): ReactNode {
  const trans = useTrans();
  const isOptional = saysOptional === true && !field.isRequired && field.input !== 'choice';
  return (
    <Field
      label={isOptional ? trans.__('%1 (optional)', field.label) : field.label}
      error={state.faults[field.path]}
      {...(hint !== undefined && { hint })}
    >
      {ids => <Input {...{ model, state, field, ids }} />}
    </Field>
  );
}

function Input({ model, state, field, ids }: ISettingProps & { ids: IFieldIds }): ReactNode {
  const { path, input, placeholder, options = [], isRequired } = field;
  const value = state.texts[path] ?? '';
  const onChange = (event: { currentTarget: { value: string } }) => model.change(path, event.currentTarget.value);
  if (input === 'secret') return <SecretInput {...{ model, state, field, ids }} />;
  if (input === 'choice') {
    return (
      <HTMLSelect {...ids} value={value || (options[0]?.value ?? '')} onChange={onChange}>
        {options.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </HTMLSelect>
    );
  }
  return (
    <input
      {...ids}
      {...PLAIN}
      placeholder={placeholder}
      inputMode={input === 'number' ? 'numeric' : undefined}
      aria-required={isRequired}
      value={value}
      onChange={onChange}
    />
  );
}

const EXAMPLES: Record<SecretPlace, string> = {
  env: 'SALES_PASSWORD',
  file: '/run/secrets/sales',
  credential: 'warehouse'
};

/** Where a secret is, never the secret. */
function SecretInput({ model, state, field, ids }: ISettingProps & { ids: IFieldIds }): ReactNode {
  const trans = useTrans();
  const { path, label } = field;
  const place = placeOf(state, path);
  return (
    <div className="jp-LakesideTables-secret">
      <HTMLSelect
        aria-label={trans.__('Where it is: %1', label)}
        value={place}
        onChange={event => model.place(path, event.currentTarget.value as SecretPlace)}
      >
        <option value="env">{trans.__('Variable')}</option>
        <option value="file">{trans.__('File')}</option>
        <option value="credential">{trans.__('Profile of credentials')}</option>
      </HTMLSelect>
      <input
        {...ids}
        {...PLAIN}
        placeholder={EXAMPLES[place]}
        value={state.texts[path] ?? ''}
        onChange={event => model.change(path, event.currentTarget.value)}
      />
    </div>
  );
}
