import type { NotebookPanel } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownEmptyIcon, ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import type { ReactElement } from 'react';
import { CommandIDs } from '../../commands.js';
import { shareIcon } from '../../icons.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { Mark } from '../mark.js';
import type { ShareModel } from '../shareModel.js';
import { exactTime } from '../library/format.js';
import { markWord, nowDoing, standing } from '../words.js';
import { openShareMenu } from './menu.js';

/** What the button needs. */
export interface IShareButtonOptions {
  commands: CommandRegistry;
  model: ShareModel;
  panel: NotebookPanel;
  settings: ISettingRegistry.ISettings | null;
  trans: TranslationBundle;
}

/** Share, the state of the page, and a menu with what can be done with it. */
export class ShareButton extends ReactWidget {
  constructor(options: IShareButtonOptions) {
    super();
    this._options = options;
    this.addClass('jp-LakesideShare-button');
    options.settings?.changed.connect(this._onSettings);
    void options.model.ensure();
  }

  override dispose(): void {
    this._options.settings?.changed.disconnect(this._onSettings);
    super.dispose();
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    void this._options.model.ensure();
  }

  protected override render(): ReactElement {
    return <ShareButtonBody {...this._options} showState={this._showState} />;
  }

  private get _showState(): boolean {
    return this._options.settings?.get('showState').composite !== false;
  }

  private readonly _onSettings = (): void => this.update();

  private readonly _options: IShareButtonOptions;
}

/** The two buttons: share, and more. */
export function ShareButtonBody(props: IShareButtonOptions & { showState: boolean }): ReactElement {
  const { commands, model, panel, trans } = props;
  const state = useModelState(model);
  const now = useNow(60_000);
  const { mark, known } = state;
  const line = mark === 'busy' ? nowDoing(state, trans) : standing(state, now, trans);
  const exact = known?.published && mark !== 'busy' ? `\n${exactTime(known.published.sharedAt)}` : '';
  const word = props.showState ? markWord(mark, trans) : '';
  const path = panel.context.path;

  return (
    <>
      <button
        type="button"
        className="jp-LakesideShare-main"
        title={line + exact}
        aria-label={word ? trans.__('Share: %1', word) : trans.__('Share')}
        onClick={() => void commands.execute(CommandIDs.share, { path })}
      >
        <shareIcon.react tag="span" className="jp-LakesideShare-icon" />
        <span>{trans.__('Share')}</span>
        <span className="jp-LakesideShare-markPlace">{props.showState && <Mark mark={mark} />}</span>
      </button>
      <button
        type="button"
        className="jp-LakesideShare-more"
        title={trans.__('More about sharing')}
        aria-label={trans.__('More about sharing')}
        aria-haspopup="menu"
        onClick={event => {
          // The toolbar would give the focus, which the menu has now, back to the notebook.
          event.stopPropagation();
          openShareMenu({ commands, anchor: event.currentTarget, path, known });
        }}
      >
        <caretDownEmptyIcon.react tag="span" />
      </button>
    </>
  );
}
