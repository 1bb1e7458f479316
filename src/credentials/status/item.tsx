import '../../../style/credentials/marks.css';
import '../../../style/credentials/status.css';
import type { IStatusBar } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import type { ReactNode } from 'react';
import { exactTime } from '../../ui/format.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { TransProvider, useTrans } from '../../ui/trans.js';
import type { CredentialsModel } from '../credentialsModel.js';
import { Mark } from '../mark.js';
import { meant, standingOf } from '../standing.js';
import { productionWord, standingWords, whoWords } from '../words.js';

/** Adds the profile in use and its time left to the status bar; it is there only where a profile is configured. */
export function addStatusItem(options: {
  statusBar: IStatusBar;
  model: CredentialsModel;
  trans: TranslationBundle;
  open: () => void;
}): void {
  const { statusBar, model, trans, open } = options;
  const item = ReactWidget.create(
    <TransProvider trans={trans}>
      <StatusLine model={model} onOpen={open} />
    </TransProvider>
  );
  item.addClass('jp-LakesideCredentials-status');
  const turned = new Signal<object, void>({});
  model.stateChanged.connect(() => turned.emit());
  statusBar.registerStatusItem('jupyterlab-lakeside:credentials', {
    item,
    align: 'left',
    rank: 9,
    isActive: () => (model.state.overview?.profiles.length ?? 0) > 0,
    activeStateChanged: turned
  });
}

/** Who am I, how long? */
export function StatusLine({ model, onOpen }: { model: CredentialsModel; onOpen: () => void }): ReactNode {
  const trans = useTrans();
  const { overview, ahead } = useModelState(model);
  const now = useNow(1_000) + ahead;
  if (overview === undefined) return null;
  const profile = meant(overview);
  if (profile === undefined) {
    return (
      <button
        type="button"
        className="jp-LakesideCredentials-line"
        title={trans.__('Open Credentials')}
        onClick={onOpen}
      >
        <Mark state="signed-out" colour="blue" /> {trans.__('No profile in use')}
      </button>
    );
  }
  const standing = standingOf(profile, now);
  const words = [profile.label, productionWord(profile, trans), standingWords(standing, trans)].filter(Boolean);
  const { endsAt } = standing;
  const title = [
    whoWords(profile, trans) ?? trans.__('Signed out'),
    endsAt !== undefined && trans.__('until %1', exactTime(new Date(endsAt).toISOString())),
    profile.trouble?.message
  ];
  return (
    <button
      type="button"
      className={`jp-LakesideCredentials-line jp-mod-${profile.colour}`}
      data-state={standing.state}
      title={title.filter(Boolean).join('\n')}
      onClick={onOpen}
    >
      <Mark state={standing.state} colour={profile.colour} /> {words.join(' · ')}
    </button>
  );
}
