import { closeIcon } from '@jupyterlab/ui-components';
import { useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { Field } from './field.js';
import { useTrans } from './trans.js';

/** Suggestions shown at once; they stand in one line. */
const MOST_SUGGESTIONS = 5;

/** Tags as chips, a place to type more, and those others use. */
export function TagField(props: {
  label: string;
  tags: readonly string[];
  suggestions: readonly string[];
  /** Stands where the suggestions are, while there are none. */
  hint: string;
  error?: string;
  /** Returns false where the text is no tag; it stays to be mended. */
  onAdd: (tag: string) => boolean;
  onRemove: (tag: string) => void;
}): ReactNode {
  const trans = useTrans();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const { tags, suggestions } = props;
  const typed = text.trim().toLowerCase();
  const offered = suggestions
    .filter(tag => !tags.includes(tag) && tag.toLowerCase().includes(typed))
    .slice(0, MOST_SUGGESTIONS);

  const add = (tag: string) => {
    if (props.onAdd(tag)) setText('');
    input.current?.focus();
  };
  const remove = (tag: string) => {
    props.onRemove(tag);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = tags.at(-1);
    if ((event.key === 'Enter' || event.key === ',') && !event.nativeEvent.isComposing && text.trim()) {
      event.preventDefault();
      add(text);
    } else if (event.key === 'Backspace' && text === '' && last !== undefined) {
      remove(last);
    }
  };

  return (
    <Field label={props.label} error={props.error}>
      {ids => (
        <>
          <div className="jp-Lakeside-tags" onClick={() => input.current?.focus()}>
            {tags.map(tag => (
              <span key={tag} className="jp-Lakeside-tag">
                <span className="jp-Lakeside-tagName">{tag}</span>
                <button
                  type="button"
                  className="jp-Lakeside-tagRemove"
                  aria-label={trans.__('Remove tag %1', tag)}
                  title={trans.__('Remove')}
                  onClick={() => remove(tag)}
                >
                  <closeIcon.react tag="span" width="12px" height="12px" />
                </button>
              </span>
            ))}
            <input
              {...ids}
              ref={input}
              type="text"
              className="jp-Lakeside-tagInput"
              autoComplete="off"
              spellCheck={false}
              placeholder={tags.length === 0 ? trans.__('Add a tag, then Enter') : ''}
              value={text}
              onChange={event => setText(event.target.value)}
              onKeyDown={onKeyDown}
              onBlur={() => {
                if (text.trim() && props.onAdd(text)) setText('');
              }}
            />
          </div>
          <div className="jp-Lakeside-suggestions">
            {offered.length === 0 && <span className="jp-Lakeside-hint">{props.hint}</span>}
            {offered.map(tag => (
              <button
                key={tag}
                type="button"
                className="jp-Lakeside-suggestion"
                aria-label={trans.__('Add tag %1', tag)}
                // Pressing must not first take the half-typed text as a tag of its own.
                onMouseDown={event => event.preventDefault()}
                onClick={() => add(tag)}
              >
                + {tag}
              </button>
            ))}
          </div>
        </>
      )}
    </Field>
  );
}
