import { useCallback, useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { Button } from './button.js';
import type { IButtonProps } from './button.js';
import { useLibrary } from './context.js';
import { useFloating } from './floating.js';
import { Icon } from './icons.js';
import type { IconName } from './icons.js';

/** One thing to choose. An item with an address is a link, and opens in a new tab. */
export interface IMenuItem {
  label: string;
  icon?: IconName;
  run?: () => void;
  href?: string;
  /** Why it cannot be chosen now. */
  disabled?: string;
  /** What is said beside the label. */
  note?: string;
  /** Set apart from what stands above it. */
  apart?: boolean;
}

/** A button that opens a menu. */
export function MenuButton(
  props: Omit<IButtonProps, 'onClick'> & { label: string; items: readonly IMenuItem[] }
): ReactNode {
  const { label, items, ...button } = props;
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const leave = useCallback(() => {
    setOpen(false);
    anchor.current?.focus();
  }, []);
  return (
    <>
      <Button
        aria-label={button.children === undefined ? label : undefined}
        {...button}
        buttonRef={anchor}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        onKeyDown={event => {
          if (event.key === 'ArrowDown' && !open) {
            event.preventDefault();
            event.stopPropagation();
            setOpen(true);
          }
        }}
      />
      {open && <Menu label={label} items={items} anchor={anchor} close={close} leave={leave} />}
    </>
  );
}

function Menu(props: {
  label: string;
  items: readonly IMenuItem[];
  anchor: React.RefObject<HTMLButtonElement>;
  close: () => void;
  /** Closes and goes back to the button. */
  leave: () => void;
}): ReactNode {
  const { layer } = useLibrary();
  const list = useRef<HTMLDivElement>(null);
  const style = useFloating(props.anchor, list, props.items.length, props.close);
  useEffect(() => focusItem(list.current, 0), []);

  const onKeyDown = (event: KeyboardEvent) => {
    const entries = menuItems(list.current);
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 };
    const to = moves[event.key];
    event.stopPropagation();
    if (to !== undefined) focusItem(list.current, to);
    else if (event.key === 'Escape') props.leave();
    else if (event.key === 'Tab') {
      props.close();
      return;
    } else if (event.key.length === 1 && event.key !== ' ') {
      const letter = event.key.toLowerCase();
      const after = [...entries.slice(at + 1), ...entries.slice(0, at + 1)];
      after.find(entry => entry.textContent.trim().toLowerCase().startsWith(letter))?.focus();
    } else return;
    event.preventDefault();
  };

  return createPortal(
    <div ref={list} className="lk-Menu" role="menu" aria-label={props.label} style={style} onKeyDown={onKeyDown}>
      {props.items.map(item => (
        <MenuEntry key={item.label} item={item} leave={props.leave} />
      ))}
    </div>,
    layer()
  );
}

function MenuEntry({ item, leave }: { item: IMenuItem; leave: () => void }): ReactNode {
  const classes = ['lk-Menu-item', item.apart ? 'lk-mod-apart' : ''].filter(Boolean).join(' ');
  const content = (
    <>
      {item.icon ? <Icon name={item.icon} /> : <span className="lk-Icon" />}
      <span className="lk-Menu-label">{item.label}</span>
      {(item.disabled ?? item.note) && <span className="lk-Menu-note">{item.disabled ?? item.note}</span>}
    </>
  );
  if (item.href !== undefined && item.disabled === undefined) {
    return (
      <a
        className={classes}
        role="menuitem"
        tabIndex={-1}
        href={item.href}
        target="_blank"
        rel="noopener"
        onClick={leave}
      >
        {content}
      </a>
    );
  }
  return (
    <button
      type="button"
      className={classes}
      role="menuitem"
      tabIndex={-1}
      aria-disabled={item.disabled !== undefined}
      onClick={() => {
        if (item.disabled !== undefined) return;
        leave();
        item.run?.();
      }}
    >
      {content}
    </button>
  );
}

function menuItems(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
}

function focusItem(list: HTMLElement | null, position: number): void {
  const entries = menuItems(list);
  entries[(position + entries.length) % entries.length]?.focus();
}
