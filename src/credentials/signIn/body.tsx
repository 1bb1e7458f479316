import { Button, ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { useEffect, useRef } from 'react';
import type { ReactElement, ReactNode, RefObject } from 'react';
import type { Profile } from '../../../contract/credentials/records.js';
import { useModelState } from '../../ui/hooks.js';
import { TransProvider, useTrans } from '../../ui/trans.js';
import { productionWord } from '../words.js';
import { BrowserStep, DeviceStep } from './elsewhere.js';
import type { SignInModel } from './signInModel.js';
import { CodeStep, PasswordStep } from './typed.js';

/** What the body of the dialog needs. */
export interface ISignInBodyProps {
  model: SignInModel;
  profile: Profile;
  trans: TranslationBundle;
  onClose: () => void;
}

/** A sign-in: what it waits for, or how it ended. */
export function SignInBody(props: ISignInBodyProps): ReactNode {
  const { profile, trans } = props;
  return (
    <TransProvider trans={trans}>
      <div className="jp-LakesideSignIn-body">
        {(profile.production || profile.description !== '') && (
          <p className={`jp-LakesideSignIn-about jp-mod-${profile.colour}`}>
            {profile.production && <strong>{productionWord(profile, trans) ?? trans.__('production')}</strong>}
            {profile.production && profile.description !== '' && ' · '}
            {profile.description}
          </p>
        )}
        <Step {...props} />
      </div>
    </TransProvider>
  );
}

function Step(props: ISignInBodyProps): ReactNode {
  const { model, profile, onClose } = props;
  const trans = useTrans();
  const { signIn, isOwn, isAnswering, error } = useModelState(model);
  const again = () => void model.begin();
  const cancel = () => {
    void model.cancel();
    onClose();
  };
  if (signIn === undefined) {
    return error ? <Ended sentence={error.message} {...{ again, onClose }} /> : <Waiting onCancel={onClose} />;
  }
  if (signIn.state === 'failed') {
    return <Ended sentence={signIn.trouble?.message ?? trans.__('It failed.')} {...{ again, onClose }} />;
  }
  if (signIn.state === 'cancelled') {
    const sentence = trans.__('This sign-in was cancelled. Keys from before stay as they are.');
    return <Ended isCancelled sentence={sentence} {...{ again, onClose }} />;
  }
  if (signIn.state === 'succeeded') return <p role="status">{trans.__('Signed in to %1.', profile.label)}</p>;
  const joined = isOwn ? null : (
    <p className="jp-LakesideSignIn-quiet">{trans.__('This goes on with the sign-in that was begun elsewhere.')}</p>
  );
  const common = { isAnswering, onCancel: cancel, refused: error?.message };
  switch (signIn.step?.kind) {
    case 'code':
      return (
        <>
          {joined}
          <CodeStep
            key={signIn.step.triesLeft}
            step={signIn.step}
            {...common}
            onCode={code => void model.answer({ kind: 'code', code })}
          />
        </>
      );
    case 'password':
      return (
        <>
          {joined}
          <PasswordStep
            key={signIn.step.triesLeft}
            step={signIn.step}
            {...common}
            onPassword={(password, user) =>
              void model.answer({ kind: 'password', password, ...(user !== undefined && { user }) })
            }
          />
        </>
      );
    case 'device':
      return (
        <>
          {joined}
          <DeviceStep step={signIn.step} onCancel={cancel} />
        </>
      );
    case 'browser':
      return (
        <>
          {joined}
          <BrowserStep step={signIn.step} onCancel={cancel} />
        </>
      );
    default:
      return <Waiting onCancel={cancel} />;
  }
}

/** Nothing to do for the person but wait, or give up. */
function Waiting({ onCancel }: { onCancel: () => void }): ReactNode {
  const trans = useTrans();
  const button = useFocus('button');
  return (
    <>
      <p role="status" className="jp-LakesideSignIn-waiting">
        <span aria-hidden="true">◐</span> {trans.__('Waiting for the provider')}
      </p>
      <div ref={button} className="jp-LakesideSignIn-buttons">
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={onCancel}>
          {trans.__('Cancel')}
        </Button>
      </div>
    </>
  );
}

function Ended(props: { sentence: string; isCancelled?: boolean; again: () => void; onClose: () => void }): ReactNode {
  const { sentence, isCancelled = false, again, onClose } = props;
  const trans = useTrans();
  const buttons = useFocus('.jp-mod-accept');
  return (
    <>
      <p role="alert" className="jp-LakesideSignIn-waiting">
        <span aria-hidden="true" className={isCancelled ? undefined : 'jp-LakesideSignIn-failed'}>
          {isCancelled ? '–' : '✕'}
        </span>{' '}
        {sentence}
      </p>
      <div ref={buttons} className="jp-LakesideSignIn-buttons">
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={onClose}>
          {trans.__('Close')}
        </Button>
        <Button type="button" className="jp-mod-styled jp-mod-accept" onClick={again}>
          {isCancelled ? trans.__('Sign in again') : trans.__('Try again')}
        </Button>
      </div>
    </>
  );
}

/** Puts the focus on a part when it comes: what had it before is gone. */
function useFocus(selector: string): RefObject<HTMLDivElement> {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.querySelector<HTMLElement>(selector)?.focus(), [selector]);
  return place;
}

/** The body as a widget. */
export class SignInBodyWidget extends ReactWidget {
  constructor(props: ISignInBodyProps) {
    super();
    this._props = props;
  }

  protected override render(): ReactElement {
    return <SignInBody {...this._props} />;
  }

  private readonly _props: ISignInBodyProps;
}
