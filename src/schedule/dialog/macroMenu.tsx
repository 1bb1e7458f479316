import { useCallback, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { macros } from '../../../contract/schedule/macros.js';
import { useFloating } from '../../ui/floating.js';
import { useTrans } from '../../ui/trans.js';

const names = Object.keys(macros);

/**
 * A button that puts a macro into a field.
 *
 * #### Notes
 * The pattern of WAI-ARIA for a combobox that only selects: the focus stays on the button, the arrows move in the list,
 * a letter goes to the next name with it, Enter takes, Escape closes.
 */
export function MacroMenu(props: { label: string; onPick: (macro: string) => void }): ReactNode {
  const trans = useTrans();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const close = useCallback(() => setOpen(false), []);
  const pick = (at: number) => {
    setOpen(false);
    props.onPick(`{{ ${names[at] ?? ''} }}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = target(event.key, active);
    if (!open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) setOpen(true);
    else if (!open) return;
    else if (event.key === 'Enter' || event.key === ' ') pick(active);
    else if (event.key === 'Escape') setOpen(false);
    else if (to !== undefined) setActive(to);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        role="combobox"
        className="jp-LakesideSchedule-macro"
        title={trans.__('Insert a macro: a value that each run has of its own')}
        aria-label={props.label}
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-controls={open ? `${id}-list` : undefined}
        aria-activedescendant={open ? `${id}-${active}` : undefined}
        onClick={() => {
          // Safari does not give the focus to a button that is pressed.
          button.current?.focus();
          setOpen(!open);
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      >
        {'{ }'}
      </button>
      {open && <List id={id} label={props.label} anchor={button} active={active} onPick={pick} close={close} />}
    </>
  );
}

function List(props: {
  id: string;
  label: string;
  anchor: React.RefObject<HTMLButtonElement>;
  active: number;
  onPick: (at: number) => void;
  close: () => void;
}): ReactNode {
  const { id, anchor, active } = props;
  const list = useRef<HTMLUListElement>(null);
  const place = useFloating(anchor, list, 'open', props.close);
  return createPortal(
    <ul
      ref={list}
      id={`${id}-list`}
      role="listbox"
      aria-label={props.label}
      className="jp-LakesideSchedule-macros"
      style={place}
      // The button keeps the focus.
      onMouseDown={event => event.preventDefault()}
    >
      {names.map((name, at) => (
        <li
          key={name}
          id={`${id}-${at}`}
          ref={at === active ? reveal : undefined}
          role="option"
          aria-selected={at === active}
          onClick={() => props.onPick(at)}
        >
          <code>{`{{ ${name} }}`}</code> <span>{macros[name]}</span>
        </li>
      ))}
    </ul>,
    anchor.current?.closest('.jp-Dialog-content') ?? document.body
  );
}

/** Where a key moves to in the list; undefined where it is none of the list's. */
function target(key: string, active: number): number | undefined {
  const last = names.length - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(active + 1, last);
    case 'ArrowUp':
      return Math.max(active - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default: {
      if (key.length !== 1) return undefined;
      const order = [...names.keys()].map(step => (active + 1 + step) % names.length);
      return order.find(at => names[at]?.startsWith(key.toLowerCase()));
    }
  }
}

function reveal(option: HTMLElement | null): void {
  option?.scrollIntoView({ block: 'nearest' });
}
