import { useId } from 'react';
import type { ReactNode } from 'react';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from './dialogModel.js';
import { tell } from './draft.js';
import type { IDraft, NotifyEvent } from './draft.js';
import { eventWord } from './words.js';

/** Who is told of what: a row for each channel, a column for each event. */
export function NotifyTable(props: { model: DialogModel; draft: IDraft; events: readonly NotifyEvent[] }): ReactNode {
  const trans = useTrans();
  const { model, draft, events } = props;
  const { form, errors } = useModelState(model);
  const id = useId();
  const known = form?.channels ?? [];
  const others = [...new Set(events.flatMap(event => draft.notify[event]))].filter(
    name => !known.some(channel => channel.name === name)
  );
  const channels = [...known, ...others.map(name => ({ name, title: trans.__('%1 (not configured)', name) }))];
  const error = errors['notify'];
  return (
    <>
      <table className="jp-LakesideSchedule-notify" aria-describedby={error === undefined ? undefined : `${id}-error`}>
        <caption className="jp-Lakeside-forReaders">{trans.__('Who is told')}</caption>
        <thead>
          <tr>
            <th scope="col">{trans.__('Tell')}</th>
            {events.map(event => (
              <th key={event} scope="col">
                {eventWord(event, trans)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {channels.map(({ name, title }) => (
            <tr key={name}>
              <th scope="row">{title}</th>
              {events.map(event => (
                <td key={event}>
                  <input
                    type="checkbox"
                    aria-label={trans.__('%1: %2', title, eventWord(event, trans))}
                    aria-invalid={error === undefined ? undefined : true}
                    checked={draft.notify[event].includes(name)}
                    onChange={change =>
                      model.change({ notify: tell(draft.notify, event, name, change.target.checked) })
                    }
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {error !== undefined && (
        <p id={`${id}-error`} className="jp-Lakeside-error" role="alert">
          {error}
        </p>
      )}
    </>
  );
}
