import { Button } from '@jupyterlab/ui-components';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { SignInStep } from '../../../contract/credentials/signIn.js';
import { copyText } from '../../ui/clipboard.js';
import { useNow } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import { webAddress } from '../webAddress.js';
import { timeLeft } from '../words.js';

/** A code to confirm at the provider, on any device. */
export function DeviceStep(props: { step: Extract<SignInStep, { kind: 'device' }>; onCancel: () => void }): ReactNode {
  const { step, onCancel } = props;
  const trans = useTrans();
  const [copied, setCopied] = useState(false);
  const copy = () => void copyText(step.userCode).then(setCopied);
  const address = webAddress(step.verificationUriComplete) ?? webAddress(step.verificationUri);
  return (
    <div className="jp-LakesideSignIn-form">
      <p>{trans.__('Confirm this code at the provider, here or on another device:')}</p>
      <div className="jp-LakesideSignIn-device">
        <output className="jp-LakesideSignIn-userCode">{step.userCode}</output>
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={copy}>
          {copied ? trans.__('Copied') : trans.__('Copy')}
        </Button>
      </div>
      <p className="jp-LakesideSignIn-quiet">{step.verificationUri}</p>
      <Ends at={step.endsAt} />
      <Open address={address} label={trans.__('Copy and open')} onOpen={copy} onCancel={onCancel} />
    </div>
  );
}

/** A page of the provider, in this browser. */
export function BrowserStep(props: {
  step: Extract<SignInStep, { kind: 'browser' }>;
  onCancel: () => void;
}): ReactNode {
  const { step, onCancel } = props;
  const trans = useTrans();
  return (
    <div className="jp-LakesideSignIn-form">
      <p>{trans.__('Go on at the page of the provider. It opens in a new tab; then come back here.')}</p>
      <Ends at={step.endsAt} />
      <Open address={webAddress(step.url)} label={trans.__('Open the page')} onCancel={onCancel} />
    </div>
  );
}

function Ends({ at }: { at: string }): ReactNode {
  const trans = useTrans();
  const left = Date.parse(at) - useNow(1_000);
  return (
    <p className="jp-LakesideSignIn-quiet" role="timer">
      {left > 0 ? trans.__('Waiting · %1 left', timeLeft(left, trans)) : trans.__('The time for it is over.')}
    </p>
  );
}

/** A link, not a window that a script opens: no browser blocks it, and the page cannot reach back. */
function Open(props: {
  address: string | undefined;
  label: string;
  onOpen?: () => void;
  onCancel: () => void;
}): ReactNode {
  const { address, label, onOpen, onCancel } = props;
  const trans = useTrans();
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => link.current?.focus(), []);
  return (
    <>
      {address === undefined && (
        <p className="jp-Lakeside-error" role="alert">
          {trans.__('The provider named a page that is not on the web, so it is not opened. Tell its administrator.')}
        </p>
      )}
      <div className="jp-LakesideSignIn-buttons">
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={onCancel}>
          {trans.__('Cancel')}
        </Button>
        {address !== undefined && (
          <a
            ref={link}
            className="jp-LakesideSignIn-open"
            href={address}
            target="_blank"
            rel="noopener noreferrer"
            onClick={onOpen}
          >
            {label}
          </a>
        )}
      </div>
    </>
  );
}
