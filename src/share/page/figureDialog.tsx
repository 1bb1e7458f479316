import type { ReactNode } from 'react';
import { Modal } from '../library/views/modal.js';

/** An interactive figure, live: it may run the scripts it carries, in an origin of its own that reaches nothing. */
export function FigureDialog(props: { title: string; src: string; onClose: () => void }): ReactNode {
  return (
    <Modal title={props.title} onClose={props.onClose} className="lk-FigureDialog">
      <iframe title={props.title} src={props.src} sandbox="allow-scripts" referrerPolicy="no-referrer" />
    </Modal>
  );
}
