import { useEffect } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { Button } from './button.js';
import { useLibrary } from './context.js';
import { Icon } from './icons.js';

/** The box one searches with. `/` goes to it from anywhere in `area`, arrow down to the list, Escape empties it. */
export function SearchBox(props: {
  value: string;
  onChange: (text: string) => void;
  /** Search now. */
  onEnter: () => void;
  onDown: () => void;
  /** Escape in the empty box. */
  onLeave?: () => void;
  input: RefObject<HTMLInputElement>;
  /** Where `/` is listened for. */
  area: () => HTMLElement | Document | null;
}): ReactNode {
  const { trans } = useLibrary();
  const { input, area } = props;

  useEffect(() => {
    const node = area();
    const onSlash = (event: Event) => {
      const { key, ctrlKey, metaKey, altKey, target } = event as globalThis.KeyboardEvent;
      if (key !== '/' || ctrlKey || metaKey || altKey || takesText(target)) return;
      event.preventDefault();
      event.stopPropagation();
      input.current?.focus();
      input.current?.select();
    };
    node?.addEventListener('keydown', onSlash);
    return () => node?.removeEventListener('keydown', onSlash);
  }, [area, input]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') props.onDown();
    else if (event.key === 'Enter') props.onEnter();
    else if (event.key === 'Escape' && props.value !== '') props.onChange('');
    else if (event.key === 'Escape' && props.onLeave) props.onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="lk-Search" role="search">
      <Icon name="search" />
      <input
        ref={input}
        className="lk-Search-input"
        type="text"
        enterKeyHint="search"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={500}
        aria-label={trans.__('Search notebooks, tables, tags')}
        placeholder={trans.__('Search notebooks, tables, tags…')}
        value={props.value}
        onChange={event => props.onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {props.value === '' ? (
        <kbd className="lk-Search-key" aria-hidden="true">
          /
        </kbd>
      ) : (
        <Button
          look="plain"
          icon="close"
          aria-label={trans.__('Empty the search')}
          onClick={() => {
            props.onChange('');
            input.current?.focus();
          }}
        />
      )}
    </div>
  );
}

function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  );
}
