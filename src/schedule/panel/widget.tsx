import { ReactWidget, addIcon, launchIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import type { ReactElement } from 'react';
import { TransProvider } from '../../ui/trans.js';
import type { IPanelActions } from './context.js';
import { Headline } from './headline.js';
import { IconButton } from '../../ui/iconButton.js';
import { PanelView } from './panelView.js';
import type { SchedulesModel } from './schedulesModel.js';

/** What the list of schedules needs of its surroundings. */
export interface IPanelWidgetOptions {
  model: SchedulesModel;
  actions: IPanelActions;
  trans: TranslationBundle;
  leave: () => void;
  /** Shows the list in a tab; missing where it is one. */
  openTab?: () => void;
}

/** The list of schedules, in the side bar or in a tab. */
export class SchedulesWidget extends ReactWidget {
  constructor(options: IPanelWidgetOptions) {
    super();
    this.addClass('jp-LakesideSchedule');
    this.node.setAttribute('role', 'region');
    const { trans, openTab } = options;
    this.node.setAttribute('aria-label', openTab ? trans.__('Schedules') : trans.__('Schedules in a tab'));
    this._options = options;
  }

  /** Puts the focus where the keyboard goes on. */
  focusList(): void {
    this.node.querySelector<HTMLElement>('input, .jp-Lakeside-state button')?.focus();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._look();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._look();
  }

  protected override render(): ReactElement {
    const { model, actions, trans, leave, openTab } = this._options;
    return (
      <TransProvider trans={trans}>
        <div className="jp-LakesideSchedule-head">
          <h2>{trans.__('Schedules')}</h2>
          <IconButton
            icon={addIcon}
            title={trans.__('Schedule a notebook')}
            label={trans.__('Schedule a notebook')}
            tabIndex={0}
            onClick={actions.create}
          />
          {openTab && (
            <IconButton
              icon={launchIcon}
              title={trans.__('Open in a tab')}
              label={trans.__('Open the schedules in a tab')}
              tabIndex={0}
              onClick={openTab}
            />
          )}
        </div>
        <Headline model={model} />
        <PanelView model={model} actions={actions} area={this._area} leave={leave} />
      </TransProvider>
    );
  }

  private readonly _area = (): HTMLElement => this.node;

  /** The news keep the list current; it is loaded when it is first looked at, and again after a failure. */
  private _look(): void {
    const { model } = this._options;
    if (this.isVisible && model.state.phase !== 'ready') void model.refresh();
  }

  private readonly _options: IPanelWidgetOptions;
}
