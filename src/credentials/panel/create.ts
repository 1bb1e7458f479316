import '../../../style/base.css';
import '../../../style/credentials/marks.css';
import '../../../style/credentials/panel.css';
import '../../../style/states.css';
import { done, failed } from '../notify.js';
import type { CredentialsWatch } from '../watch/watch.js';
import { createActions } from './actions.js';
import { takeOut } from './kernels.js';
import type { IKernels } from './kernels.js';
import { CredentialsWidget } from './widget.js';

/** Makes the panel. */
export function createPanel({ model, signIns, trans }: CredentialsWatch, services: IKernels): CredentialsWidget {
  const actions = createActions({
    model,
    trans,
    signIn: (profile, role) => void signIns.signIn(profile, role),
    takeOut: names => takeOut(services, names),
    done: message => done(message),
    failed: (message, error) => failed(message, error, trans)
  });
  return new CredentialsWidget({ model, actions, trans });
}
