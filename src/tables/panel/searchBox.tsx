import { useEffect } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { useTrans } from '../../ui/trans.js';

/** The box one searches with; `/` anywhere in the area goes to it. */
export function SearchBox(props: {
  value: string;
  onChange: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  input: RefObject<HTMLInputElement>;
  area: () => HTMLElement;
}): ReactNode {
  const { input, area } = props;
  const trans = useTrans();
  useEffect(() => {
    const node = area();
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target === input.current) return;
      event.preventDefault();
      event.stopPropagation();
      input.current?.focus();
      input.current?.select();
    };
    node.addEventListener('keydown', onKey);
    return () => node.removeEventListener('keydown', onKey);
  }, [area, input]);
  return (
    <div className="jp-LakesideTables-search" role="search">
      <input
        ref={input}
        type="search"
        className="jp-mod-styled"
        placeholder={trans.__('Find a table or column')}
        title={trans.__('Press / to come here')}
        aria-label={trans.__('Find a table or column')}
        aria-keyshortcuts="/"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={props.value}
        onChange={event => props.onChange(event.target.value)}
        onKeyDown={props.onKeyDown}
      />
    </div>
  );
}
