import type { ReactNode } from 'react';
import { Field } from '../../ui/field.js';
import { useModelState } from '../../ui/hooks.js';
import type { DialogModel } from './dialogModel.js';
import type { IDraft } from './draft.js';

/** The parts of a draft that are one line of text. */
type TextPart = {
  [K in keyof IDraft]: IDraft[K] extends string ? (string extends IDraft[K] ? K : never) : never;
}[keyof IDraft];

/** A line of text of the schedule, with its sentence below it. */
export function TextLine(props: {
  model: DialogModel;
  draft: IDraft;
  part: TextPart;
  label: string;
  /** As the contract names it. */
  field: string;
  placeholder?: string;
  title?: string;
  hint?: string;
  type?: 'text' | 'date';
  disabled?: boolean;
  onLeave?: () => void;
}): ReactNode {
  const { model, draft, part, label, field, hint, onLeave, type = 'text', ...more } = props;
  const { errors } = useModelState(model);
  return (
    <Field label={label} error={errors[field]} {...(hint !== undefined && { hint })}>
      {ids => (
        <input
          {...ids}
          {...more}
          type={type}
          className="jp-mod-styled"
          autoComplete="off"
          spellCheck={false}
          value={draft[part]}
          onChange={event => model.change({ [part]: event.target.value })}
          onBlur={onLeave}
        />
      )}
    </Field>
  );
}
