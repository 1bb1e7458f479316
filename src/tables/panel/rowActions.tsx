import { caretDownIcon } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import { IconButton } from '../../ui/iconButton.js';
import { useTrans } from '../../ui/trans.js';
import { insertIcon, previewIcon, starIcon, starredIcon } from '../icons.js';
import type { ITableRef } from '../refs.js';
import { usePanelActions } from './context.js';

/** What can be done with a table, on its row: seen while the pointer or the keyboard is there. */
export function RowActions(props: { tableRef: ITableRef; isActive: boolean; isFavourite: boolean }): ReactNode {
  const { tableRef, isActive, isFavourite } = props;
  const trans = useTrans();
  const actions = usePanelActions();
  const tabIndex = isActive ? 0 : -1;
  const { table } = tableRef;
  return (
    <span className="jp-LakesideTables-actions">
      <IconButton
        icon={insertIcon}
        title={trans.__('Insert code that reads it (Enter)')}
        label={trans.__('Insert "%1"', table)}
        tabIndex={tabIndex}
        onClick={() => void actions.insert(tableRef)}
      />
      <IconButton
        icon={caretDownIcon}
        title={trans.__('Insert as…')}
        label={trans.__('Insert "%1" as…', table)}
        tabIndex={tabIndex}
        hasMenu
        onClick={button => void actions.dialects(tableRef, button)}
      />
      <IconButton
        icon={previewIcon}
        title={trans.__('Preview (Space)')}
        label={trans.__('Preview "%1"', table)}
        tabIndex={tabIndex}
        onClick={() => actions.open(tableRef, 'preview')}
      />
      <IconButton
        icon={isFavourite ? starredIcon : starIcon}
        title={isFavourite ? trans.__('No favourite any more') : trans.__('Make it a favourite')}
        label={isFavourite ? trans.__('"%1" is a favourite', table) : trans.__('Make "%1" a favourite', table)}
        tabIndex={tabIndex}
        onClick={() => actions.toggleFavourite(tableRef)}
      />
    </span>
  );
}
