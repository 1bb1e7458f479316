import { useId, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { Button } from './button.js';
import { useLibrary } from './context.js';

/** A field for several names. Enter or a comma adds one; Backspace in the empty field takes the last one away. */
export function NamesInput(props: {
  id: string;
  names: readonly string[];
  onChange: (names: string[]) => void;
  /** Names that others use. */
  known: readonly string[];
  placeholder: string;
  describedBy?: string;
  invalid?: boolean;
}): ReactNode {
  const { trans } = useLibrary();
  const { names, onChange } = props;
  const [text, setText] = useState('');
  const listId = useId();

  const add = (given: string) => {
    const added = given
      .split(',')
      .map(name => name.trim())
      .filter(Boolean);
    if (added.length > 0) onChange([...new Set([...names, ...added])]);
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && text.trim()) {
      event.preventDefault();
      add(text);
    } else if (event.key === 'Backspace' && text === '' && names.length > 0) onChange(names.slice(0, -1));
  };

  return (
    <div className="lk-Names">
      {names.map(name => (
        <span key={name} className="lk-Chosen">
          <bdi className="lk-Chosen-name">{name}</bdi>
          <Button
            look="plain"
            icon="close"
            aria-label={trans.__('Take "%1" away', name)}
            onClick={() => onChange(names.filter(other => other !== name))}
          />
        </span>
      ))}
      <input
        id={props.id}
        className="lk-Names-input"
        list={listId}
        value={text}
        autoComplete="off"
        placeholder={names.length === 0 ? props.placeholder : ''}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid || undefined}
        onChange={event => {
          if (event.target.value.endsWith(',')) add(event.target.value);
          else setText(event.target.value);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => add(text)}
      />
      <datalist id={listId}>
        {props.known
          .filter(name => !names.includes(name))
          .slice(0, 100)
          .map(name => (
            <option key={name} value={name} />
          ))}
      </datalist>
    </div>
  );
}
