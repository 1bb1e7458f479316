import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { useCallback, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { LibraryItem } from '../../../contract/share/records.js';
import type { ILabLibrary } from './lab.js';
import { everything } from './listQuery.js';
import { Button } from './views/button.js';
import { LibraryProvider, useLibrary } from './views/context.js';
import { DetailsDialog } from './views/detailsForm.js';
import { LibraryList } from './views/libraryList.js';
import { Empty } from './views/states.js';

/** What the panel needs. */
export interface IPanelOptions {
  library: ILabLibrary;
  /** Gives the focus back to what was worked on before. */
  leave: () => void;
}

/** What was asked for within so many milliseconds is not asked for again when the panel is looked at. */
const LOOK_MS = 1000;

/** The Library in JupyterLab's side bar. */
export class LibraryBody extends ReactWidget {
  constructor(options: IPanelOptions) {
    super();
    this.addClass('lk-Panel');
    this._options = options;
  }

  /** Puts the cursor into the search box. */
  focusSearch(): void {
    this.node.querySelector<HTMLInputElement>('input')?.focus();
  }

  /** Searches as if the person had typed it. */
  search(words: string): void {
    this._options.library.lists.get('list', everything).model.show({ ...everything, q: words });
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    document.addEventListener('visibilitychange', this._look);
  }

  protected override onBeforeDetach(message: Message): void {
    document.removeEventListener('visibilitychange', this._look);
    super.onBeforeDetach(message);
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._look();
  }

  protected override render(): ReactElement {
    return (
      <LibraryProvider value={this._options.library.context}>
        <PanelView {...this._options} area={() => this.node} />
      </LibraryProvider>
    );
  }

  /** Others share, too: whoever looks again sees what there is now. */
  private readonly _look = (): void => {
    if (this.isVisible && !document.hidden) this._options.library.lists.refresh(LOOK_MS);
  };

  private readonly _options: IPanelOptions;
}

function PanelView(props: IPanelOptions & { area: () => HTMLElement }): ReactNode {
  const { library, leave, area } = props;
  const { trans, links, open } = useLibrary();
  const [deleted, setDeleted] = useState(false);
  const [edited, setEdited] = useState<LibraryItem>();
  const { model, place } = library.lists.get(deleted ? 'deleted' : 'list', { ...everything, deleted });
  const back = useCallback(() => {
    if (deleted) setDeleted(false);
    else leave();
  }, [deleted, leave]);

  return (
    <>
      <div className="lk-Panel-head">
        <h2>{deleted ? trans.__('Deleted') : trans.__('Library')}</h2>
        <Button
          look="plain"
          icon="trash"
          aria-label={trans.__('Deleted notebooks')}
          aria-pressed={deleted}
          onClick={() => setDeleted(!deleted)}
        />
        <Button
          look="plain"
          icon="newTab"
          aria-label={trans.__('Open the Library in a tab')}
          onClick={() => open(deleted ? links.deleted() : links.list())}
        />
      </div>
      <LibraryList
        key={String(deleted)}
        model={model}
        area={area}
        place={place}
        onEdit={setEdited}
        onLeave={back}
        empty={
          deleted ? (
            <Empty
              icon="trash"
              title={trans.__('Nothing was deleted')}
              action={<Button onClick={() => setDeleted(false)}>{trans.__('Show all notebooks')}</Button>}
            >
              {trans.__('A notebook that is taken out of the Library stays here for 30 days and can be restored.')}
            </Empty>
          ) : (
            <Empty icon="notebook" title={trans.__('The Library is empty')}>
              {trans.__('Open a notebook and press Share on its toolbar. It appears here.')}
            </Empty>
          )
        }
      />
      {edited && <DetailsDialog key={edited.notebookId} item={edited} onClose={() => setEdited(undefined)} />}
    </>
  );
}
