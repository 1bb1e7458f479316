import { caretDownIcon, linkIcon } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import type { TableDetail } from '../../../contract/tables/records.js';
import { exactTime } from '../../ui/format.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { IconButton } from '../../ui/iconButton.js';
import { useTrans } from '../../ui/trans.js';
import { starIcon, starredIcon } from '../icons.js';
import { keyOf, placeOf } from '../refs.js';
import { factsOf, sizeOf, typeOf } from '../words.js';
import type { IPageProps } from './pageView.js';

/** What the table is and where it lies, how large and how fresh it is, and what can be done with it. */
export function PageHead(props: IPageProps & { detail: TableDetail | undefined }): ReactNode {
  const { page, memory, actions, dialects, detail } = props;
  const { ref } = page;
  const trans = useTrans();
  const now = useNow(30_000);
  const { favourites } = useModelState(memory);
  const isFavourite = favourites.some(each => keyOf(each) === keyOf(ref));
  const kind = typeOf(detail?.type, trans);
  return (
    <div className="jp-LakesideTable-head">
      <div className="jp-LakesideTable-title">
        <h2>
          <bdi>{ref.table}</bdi>
        </h2>
        <span className="jp-LakesideTables-quiet">
          {kind ? `${kind} · ` : ''}
          {placeOf(ref)}
        </span>
        <span className="jp-LakesideTable-buttons">
          <span className="jp-LakesideTable-split">
            <button
              type="button"
              className="jp-Button jp-mod-styled jp-mod-accept"
              title={trans.__('Write code that reads it at the cursor')}
              onClick={() => void actions.insert(ref)}
            >
              {trans.__('Insert')}
            </button>
            <button
              type="button"
              className="jp-Button jp-mod-styled jp-mod-accept"
              aria-label={trans.__('Insert as…')}
              title={trans.__('Insert as…')}
              aria-haspopup="menu"
              onClick={event => dialects(event.currentTarget)}
            >
              <caretDownIcon.react tag="span" />
            </button>
          </span>
          <IconButton
            icon={isFavourite ? starredIcon : starIcon}
            title={isFavourite ? trans.__('No favourite any more') : trans.__('Make it a favourite')}
            label={isFavourite ? trans.__('It is a favourite') : trans.__('Make it a favourite')}
            tabIndex={0}
            onClick={() => actions.toggleFavourite(ref)}
          />
          <IconButton
            icon={linkIcon}
            title={trans.__('Copy a link to this table')}
            label={trans.__('Copy a link to this table')}
            tabIndex={0}
            onClick={() => actions.copyLink(ref)}
          />
        </span>
      </div>
      {detail && (
        <p className="jp-LakesideTable-facts" title={detail.updatedAt && exactTime(detail.updatedAt)}>
          {[sizeOf(detail, trans), ...factsOf(detail, now, trans)].join(' · ')}
        </p>
      )}
      {detail?.comment && <p>{detail.comment}</p>}
      {detail?.location && (
        <p className="jp-LakesideTables-quiet" title={trans.__('Where it is stored')}>
          {detail.location}
        </p>
      )}
    </div>
  );
}
