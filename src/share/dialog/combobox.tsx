import { Button } from '@jupyterlab/ui-components';
import { useCallback, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { createPortal } from 'react-dom';
import { Field } from '../../ui/field.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import { useFloating } from '../library/views/floating.js';
import type { SearchModel } from '../searchModel.js';

/** A wiki names at most so many at once. */
const MOST = 50;

/** How something found is shown. */
export interface IComboOption {
  id: string;
  label: string;
}

/** What a combobox needs. */
export interface IComboboxProps<T> {
  label: string;
  search: SearchModel<T>;
  /** What is chosen, in words; undefined where nothing is. */
  chosen: string | undefined;
  placeholder: string;
  /** The sentence where a choice is missing or not allowed. */
  error?: string | undefined;
  optionOf: (found: T) => IComboOption;
  /** Told what was chosen; undefined where the field was emptied. */
  onChoose: (found: T | undefined) => void;
}

/**
 * A field that searches while one types, and takes only what was found.
 *
 * #### Notes
 * The pattern of WAI-ARIA for a combobox with a list: the focus stays in the field, the arrows move in the list, Enter
 * takes, Escape closes, leaving the field puts back what was chosen.
 */
export function Combobox<T>(props: IComboboxProps<T>): ReactNode {
  const { search, chosen = '', onChoose, optionOf } = props;
  const trans = useTrans();
  const { found, phase } = useModelState(search);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState<string>();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);

  const close = useCallback(() => {
    setOpen(false);
    search.stop();
  }, [search]);
  const show = (words: string) => {
    setActive(0);
    setOpen(true);
    void search.now(words);
  };
  const take = (position: number) => {
    const wanted = found[position];
    if (wanted === undefined) return;
    onChoose(wanted);
    setText(undefined);
    close();
  };
  const leave = () => {
    if (text?.trim() === '') onChoose(undefined);
    setText(undefined);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && !open) show(text ?? '');
    else if (step !== 0) setActive((active + step + found.length) % Math.max(found.length, 1));
    else if (event.key === 'Enter' && open && phase === 'failed') void search.now(search.state.text);
    else if (event.key === 'Enter' && open && phase === 'ready') take(active);
    else if (event.key === 'Escape' && open) {
      setText(undefined);
      close();
    } else if (event.key !== 'Enter' || !open) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const isListed = open && found.length > 0;

  return (
    <Field label={props.label} error={props.error}>
      {ids => (
        <>
          <input
            {...ids}
            ref={input}
            type="text"
            role="combobox"
            className="jp-mod-styled jp-LakesideShare-combobox"
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            aria-autocomplete="list"
            aria-expanded={open}
            aria-controls={`${id}-list`}
            aria-activedescendant={isListed ? `${id}-${active}` : undefined}
            placeholder={props.placeholder}
            value={text ?? chosen}
            onChange={event => {
              setText(event.target.value);
              setActive(0);
              setOpen(true);
              search.type(event.target.value);
            }}
            onClick={() => {
              if (!open) show(text ?? '');
            }}
            onKeyDown={onKeyDown}
            onBlur={leave}
          />
          {open && (
            <Popup anchor={input} close={close} content={`${phase} ${found.length}`}>
              <ul
                id={`${id}-list`}
                role="listbox"
                aria-label={props.label}
                aria-busy={phase === 'loading'}
                hidden={found.length === 0}
              >
                {found.map((each, position) => {
                  const option = optionOf(each);
                  return (
                    <li
                      key={option.id}
                      id={`${id}-${position}`}
                      ref={position === active ? reveal : undefined}
                      role="option"
                      aria-selected={position === active}
                      className="jp-LakesideShare-option"
                      onClick={() => take(position)}
                    >
                      {option.label}
                    </li>
                  );
                })}
              </ul>
              <Outcome search={search} />
            </Popup>
          )}
          <span className="jp-Lakeside-forReaders" role="status">
            {open && phase === 'ready' ? trans._n('%1 found', '%1 found', found.length) : ''}
          </span>
        </>
      )}
    </Field>
  );
}

/** Below the list: that it is loading, that there is nothing, or why it failed. */
function Outcome<T>({ search }: { search: SearchModel<T> }): ReactNode {
  const trans = useTrans();
  const { phase, found, text, problem } = useModelState(search);
  if (phase === 'loading' && found.length === 0) {
    return <p className="jp-LakesideShare-searched">{trans.__('Searching')}…</p>;
  }
  if (phase === 'ready' && found.length === 0) {
    return (
      <p className="jp-LakesideShare-searched">
        {text.trim() === ''
          ? trans.__('There is nothing to choose.')
          : trans.__('Nothing is called "%1".', text.trim())}
      </p>
    );
  }
  if (phase === 'ready' && found.length >= MOST) {
    return <p className="jp-LakesideShare-searched">{trans.__('The first %1. Type more to find others.', MOST)}</p>;
  }
  if (phase !== 'failed') return null;
  return (
    <div className="jp-LakesideShare-searched">
      <p className="jp-Lakeside-error" role="alert">
        {problem?.message}
      </p>
      <Button
        type="button"
        className="jp-mod-styled jp-LakesideShare-small"
        tabIndex={-1}
        onClick={() => void search.now(text)}
      >
        {trans.__('Try again')}
      </Button>
      <span className="jp-Lakeside-hint">{trans.__('or press Enter')}</span>
    </div>
  );
}

/**
 * Floats below the field. It stands in the content of the dialog, which takes no clicks beside it, and is not cut off by
 * it, since what is fixed is placed in the dialog as a whole.
 */
function Popup(props: {
  anchor: RefObject<HTMLInputElement>;
  close: () => void;
  /** Placed anew when this is another one. */
  content: string;
  children: ReactNode;
}): ReactNode {
  const { anchor, close } = props;
  const list = useRef<HTMLDivElement>(null);
  const place = useFloating(anchor, list, props.content, close);
  const layer = anchor.current?.closest('.jp-Dialog-content') ?? document.body;
  return createPortal(
    <div
      ref={list}
      className="jp-LakesideShare-popup"
      style={{ ...place, width: anchor.current?.offsetWidth }}
      // The field keeps the focus.
      onMouseDown={event => event.preventDefault()}
    >
      {props.children}
    </div>,
    layer
  );
}

function reveal(option: HTMLElement | null): void {
  option?.scrollIntoView({ block: 'nearest' });
}
