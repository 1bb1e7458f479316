import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { Button } from './button.js';
import { useLibrary } from './context.js';

/** Something that is answered or closed before anything else. Escape and a press beside it close it. */
export function Modal(props: {
  title: string;
  onClose: () => void;
  className?: string;
  children: ReactNode;
}): ReactNode {
  const { trans, layer } = useLibrary();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const node = dialog.current;
    const before = document.activeElement;
    node?.showModal();
    return () => {
      node?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  return createPortal(
    <dialog
      ref={dialog}
      className={`lk-Modal ${props.className ?? ''}`}
      aria-labelledby={titleId}
      onCancel={event => {
        event.preventDefault();
        props.onClose();
      }}
      onKeyDown={event => event.stopPropagation()}
      onPointerDown={event => {
        if (event.target === dialog.current) props.onClose();
      }}
    >
      <div className="lk-Modal-content">
        <header className="lk-Modal-head">
          <h2 id={titleId}>{props.title}</h2>
          <Button look="plain" icon="close" aria-label={trans.__('Close')} onClick={props.onClose} />
        </header>
        {props.children}
      </div>
    </dialog>,
    layer()
  );
}
