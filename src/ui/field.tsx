import { useId } from 'react';
import type { ReactNode } from 'react';

/** What the input of a field is given, so that its label, hint and error are read with it. */
export interface IFieldIds {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

/** A labelled input with room for a hint or an error below it. */
export function Field(props: {
  label: string;
  hint?: string;
  error?: string | undefined;
  children: (ids: IFieldIds) => ReactNode;
}): ReactNode {
  const id = useId();
  const note = props.error ?? props.hint;
  return (
    <div className="jp-Lakeside-field">
      <label htmlFor={id}>{props.label}</label>
      <div className="jp-Lakeside-fieldBody">
        {props.children({
          id,
          'aria-describedby': note === undefined ? undefined : `${id}-note`,
          'aria-invalid': props.error === undefined ? undefined : true
        })}
        {note !== undefined && (
          <div
            id={`${id}-note`}
            className={props.error === undefined ? 'jp-Lakeside-hint' : 'jp-Lakeside-error'}
            role={props.error === undefined ? undefined : 'alert'}
          >
            {note}
          </div>
        )}
      </div>
    </div>
  );
}

/** A choice of one. Nothing is chosen beforehand where `value` is undefined. */
export function Choice<T extends string>(props: {
  label: string;
  options: readonly { value: T; label: string; hint?: string }[];
  value: T | undefined;
  error?: string;
  onChange: (value: T) => void;
}): ReactNode {
  const id = useId();
  return (
    <fieldset
      className="jp-Lakeside-field"
      aria-invalid={props.error === undefined ? undefined : true}
      aria-describedby={props.error === undefined ? undefined : `${id}-note`}
    >
      <legend>{props.label}</legend>
      <div className="jp-Lakeside-fieldBody">
        {props.options.map(option => (
          <label key={option.value} className="jp-Lakeside-option">
            <input
              type="radio"
              name={id}
              value={option.value}
              checked={option.value === props.value}
              onChange={() => props.onChange(option.value)}
            />
            <span>
              {option.label}
              {option.hint && <span className="jp-Lakeside-hint">{option.hint}</span>}
            </span>
          </label>
        ))}
        {props.error !== undefined && (
          <div id={`${id}-note`} className="jp-Lakeside-error" role="alert">
            {props.error}
          </div>
        )}
      </div>
    </fieldset>
  );
}
