import type { ReactNode } from 'react';
import { problemDetails } from '../library/failure.js';
import { Button } from '../library/views/button.js';
import { useLibrary } from '../library/views/context.js';
import { Icon } from '../library/views/icons.js';
import { useModelState } from '../../ui/hooks.js';
import type { IShownNotice, NoticesModel } from './notices.js';

/** What happened, at the lower edge, with the one thing to do about it. */
export function Toasts(props: { model: NoticesModel }): ReactNode {
  const { trans } = useLibrary();
  const { notices } = useModelState(props.model);
  return (
    <section className="lk-Toasts" aria-label={trans.__('Messages')} aria-live="polite">
      {notices.map(notice => (
        <Toast key={notice.id} notice={notice} model={props.model} />
      ))}
    </section>
  );
}

function Toast({ notice, model }: { notice: IShownNotice; model: NoticesModel }): ReactNode {
  const { trans } = useLibrary();
  const { id, kind, message, error, action } = notice;
  const hold = () => model.hold(id);
  const release = () => model.release(id);
  return (
    <div
      className={`lk-Toast lk-mod-${kind}`}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={release}
    >
      <Icon name={kind === 'error' ? 'alert' : 'check'} />
      <span className="lk-Toast-text">{message}</span>
      <span className="lk-Toast-buttons">
        {action && (
          <Button
            look="plain"
            className="lk-Toast-action"
            onClick={() => {
              model.close(id);
              action.run();
            }}
          >
            {action.label}
          </Button>
        )}
        {error && (
          <Button look="plain" onClick={() => void navigator.clipboard.writeText(problemDetails(error))}>
            {trans.__('Copy details')}
          </Button>
        )}
        <Button look="plain" icon="close" aria-label={trans.__('Close')} onClick={() => model.close(id)} />
      </span>
    </div>
  );
}
