import '../../../style/base.css';
import '../../../style/credentials/marks.css';
import '../../../style/credentials/dialog.css';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Profile } from '../../../contract/credentials/records.js';
import { Surface } from '../../ui/surface.js';
import { SignInBodyWidget } from './body.js';
import type { SignInModel } from './signInModel.js';

/** Shows a sign-in until it has succeeded or is left. */
export async function openSignIn(options: {
  model: SignInModel;
  profile: Profile;
  trans: TranslationBundle;
}): Promise<void> {
  const { model, profile, trans } = options;
  const body = new SignInBodyWidget({ model, profile, trans, onClose: () => surface.reject() });
  const surface = new Surface({
    title: trans.__('Sign in to %1', profile.label),
    body,
    className: 'jp-LakesideSignIn',
    closeLabel: trans.__('Close')
  });
  const closeAtSuccess = () => {
    if (model.state.signIn?.state === 'succeeded') surface.reject();
  };
  model.stateChanged.connect(closeAtSuccess);
  const closed = surface.launch();
  closeAtSuccess();
  // A dialog that is left rejects without a reason.
  await closed.catch(() => undefined);
}
