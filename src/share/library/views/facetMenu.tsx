import { useCallback, useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { createPortal } from 'react-dom';
import { wholeNumber } from '../format.js';
import { Button } from './button.js';
import { useLibrary } from './context.js';
import { useFloating } from './floating.js';
import type { IconName } from './icons.js';
import { useModelState } from '../../../ui/hooks.js';

/** Values with the number of notebooks of each. */
export interface IFacetValue {
  name: string;
  count: number;
}

interface IFacetMenuProps {
  label: string;
  icon: IconName;
  /** What is chosen now. */
  value: string | undefined;
  values: readonly IFacetValue[];
  onPick: (value: string | undefined) => void;
}

/** More would not be read; typing narrows them. */
const MOST = 200;

/** A button that offers the values of one property, most used first, with a box to find one. */
export function FacetMenu(props: IFacetMenuProps): ReactNode {
  const { facets } = useLibrary();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  return (
    <>
      <Button
        buttonRef={anchor}
        look="plain"
        className={`lk-Facet${props.value === undefined ? '' : ' lk-mod-on'}`}
        icon={props.icon}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => {
          facets.ensure();
          setOpen(!open);
        }}
      >
        {props.label}
      </Button>
      {open && (
        <FacetValues
          {...props}
          anchor={anchor}
          close={close}
          leave={() => {
            setOpen(false);
            anchor.current?.focus();
          }}
        />
      )}
    </>
  );
}

function FacetValues(
  props: IFacetMenuProps & { anchor: RefObject<HTMLButtonElement>; close: () => void; leave: () => void }
): ReactNode {
  const { trans, facets, layer } = useLibrary();
  const { phase, error } = useModelState(facets);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const style = useFloating(props.anchor, box, phase, props.close);
  useEffect(() => input.current?.focus(), []);

  const wanted = text.trim().toLocaleLowerCase();
  const found = props.values.filter(value => value.name.toLocaleLowerCase().includes(wanted)).slice(0, MOST);
  const pick = (name: string) => {
    props.leave();
    props.onPick(name === props.value ? undefined : name);
  };
  useEffect(() => {
    box.current?.querySelector(`[data-at="${at}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else if (event.key === 'Enter') {
      const chosen = found[at];
      if (chosen) pick(chosen.name);
    } else if (event.key === 'Escape') props.leave();
    else if (event.key === 'Tab') {
      props.leave();
      return;
    } else return;
    event.preventDefault();
  };

  return createPortal(
    <div ref={box} className="lk-Popover" role="dialog" aria-label={props.label} style={style} onKeyDown={onKeyDown}>
      <input
        ref={input}
        className="lk-Input"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `${listId}-${at}` : undefined}
        aria-label={trans.__('Find in %1', props.label)}
        placeholder={trans.__('Find…')}
        spellCheck={false}
        value={text}
        onChange={event => {
          setText(event.target.value);
          setAt(0);
        }}
      />
      <div className="lk-Popover-list" role="listbox" id={listId} aria-label={props.label}>
        {found.map((value, position) => (
          <div
            key={value.name}
            id={`${listId}-${position}`}
            data-at={position}
            className={`lk-Option${position === at ? ' lk-mod-active' : ''}`}
            role="option"
            aria-selected={value.name === props.value}
            onPointerMove={() => setAt(position)}
            onClick={() => pick(value.name)}
          >
            <bdi className="lk-Option-name">{value.name}</bdi>
            <span className="lk-Option-count">{wholeNumber(value.count)}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className="lk-Popover-note" role="status">
          {phase === 'loading'
            ? trans.__('Loading…')
            : phase === 'failed' && error
              ? error.message
              : text
                ? trans.__('Nothing matches.')
                : trans.__('There are none yet.')}
        </p>
      )}
    </div>,
    layer()
  );
}
