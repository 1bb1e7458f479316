import { memo } from 'react';
import type { ReactNode } from 'react';
import type { LibraryItem } from '../../../../contract/share/records.js';
import { shortDate } from '../format.js';
import type { FilterName } from '../listQuery.js';
import { Button } from './button.js';
import { Chip } from './chips.js';
import { LibraryLink, useLibrary } from './context.js';
import { MenuButton } from './menu.js';
import { useNotebookMenu } from './notebookMenu.js';
import { Person } from './person.js';
import { Snippet } from './snippet.js';
import { Ago } from './time.js';

export interface IRowProps {
  item: LibraryItem;
  now: number;
  /** The row the keyboard is at: the only one whose parts take part in tabbing. */
  active: boolean;
  /** There is no room for long lines. */
  narrow: boolean;
  /** Something is being done with this notebook. */
  busy: boolean;
  onFilter: (name: FilterName, value: string) => void;
  onEdit: (item: LibraryItem) => void;
}

/** One notebook in a list. */
export const Row = memo(function Row(props: IRowProps): ReactNode {
  const { trans, links, actions } = useLibrary();
  const { item, now, active, busy, onFilter } = props;
  const menu = useNotebookMenu(item, () => props.onEdit(item));
  const tabIndex = active ? 0 : -1;
  return (
    <div className="lk-Row" aria-busy={busy || undefined}>
      <LibraryLink className="lk-Row-title" href={links.notebook(item.notebookId)} tabIndex={tabIndex}>
        <bdi>{item.title}</bdi>
      </LibraryLink>
      <span className="lk-Row-chips">
        {item.groups.map(name => (
          <Chip key={name} kind="group" name={name} tabIndex={tabIndex} onPick={() => onFilter('group', name)} />
        ))}
        {item.tags.map(name => (
          <Chip key={name} kind="tag" name={name} tabIndex={tabIndex} onPick={() => onFilter('tag', name)} />
        ))}
      </span>
      {item.snippet !== undefined && (
        <div className="lk-Row-snippet">
          <Snippet text={item.snippet} narrow={props.narrow} />
        </div>
      )}
      <div className="lk-Row-facts">
        <span className="lk-Row-owner">
          <Person name={item.owner} />
        </span>
        {item.purgeAt === undefined ? (
          <span className="lk-Row-time">
            <Ago instant={item.updatedAt} now={now} />
          </span>
        ) : (
          <span className="lk-Row-time" title={trans.__('After that day it cannot be restored.')}>
            {trans.__('until %1', shortDate(item.purgeAt, now))}
          </span>
        )}
        <span className="lk-Row-version" title={trans._n('%1 version', '%1 versions', item.versions)}>
          v{item.versions}
        </span>
      </div>
      <div className="lk-Row-actions">
        {item.deletedAt !== undefined && (
          <Button look="framed" icon="restore" tabIndex={tabIndex} onClick={() => void actions.restore(item)}>
            {trans.__('Restore')}
          </Button>
        )}
        <MenuButton
          look="plain"
          icon="more"
          label={trans.__('More for "%1"', item.title)}
          items={menu}
          tabIndex={tabIndex}
        />
      </div>
    </div>
  );
});
