import { Button } from '@jupyterlab/ui-components';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Source } from '../../../contract/tables/records.js';
import { useTrans } from '../../ui/trans.js';
import type { IAddition } from '../add/create.js';

/** The form that adds a source, as the panel has it. */
export interface IAdding {
  /** What is shown in place of the panel, while somebody adds a source. */
  readonly form: ReactNode;
  /** The form could not be loaded. */
  readonly hasFailed: boolean;
  open: () => void;
}

/**
 * The form that adds a source. It is loaded when it is first asked for. Who leaves it finds what was typed when it is
 * opened again, and is where the form was opened from.
 */
export function useAdding(options: {
  load: () => Promise<IAddition>;
  area: () => HTMLElement;
  onAdded: (source: Source) => void;
}): IAdding {
  const { load, area, onAdded } = options;
  const [made, setMade] = useState<IAddition>();
  const [isOpen, setOpen] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const isBack = useRef(false);

  useEffect(() => () => made?.dispose(), [made]);
  useEffect(() => {
    if (isOpen || !isBack.current) return;
    isBack.current = false;
    area().querySelector<HTMLElement>('[data-add] button')?.focus();
  }, [isOpen, area]);

  const open = () => {
    setFailed(false);
    if (made) setOpen(true);
    else {
      load().then(
        loaded => {
          setMade(loaded);
          setOpen(true);
        },
        () => setFailed(true)
      );
    }
  };
  const form =
    isOpen &&
    made?.render({
      onAdded: source => {
        setOpen(false);
        setMade(undefined);
        onAdded(source);
      },
      onLeave: () => {
        isBack.current = true;
        setOpen(false);
      }
    });
  return { form, hasFailed, open };
}

/** Says that the form could not be loaded. */
export function AddingFailed({ onRetry }: { onRetry: () => void }): ReactNode {
  const trans = useTrans();
  return (
    <div className="jp-Lakeside-notice jp-mod-warn" role="alert">
      <p>{trans.__('The form could not be loaded. Check your connection, then try again.')}</p>
      <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={onRetry}>
        {trans.__('Retry')}
      </Button>
    </div>
  );
}
