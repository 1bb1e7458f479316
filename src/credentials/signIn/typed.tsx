import { Button } from '@jupyterlab/ui-components';
import { useEffect, useId, useRef, useState } from 'react';
import type { FormEvent, ReactNode, RefObject } from 'react';
import type { SignInStep } from '../../../contract/credentials/signIn.js';
import { useTrans } from '../../ui/trans.js';

interface ITypedProps {
  isAnswering: boolean;
  /** Why the last answer was not taken at all. */
  refused: string | undefined;
  onCancel: () => void;
}

/** The digits of a second factor. They are sent when the last one is typed or pasted. */
export function CodeStep(
  props: ITypedProps & { step: Extract<SignInStep, { kind: 'code' }>; onCode: (code: string) => void }
): ReactNode {
  const { step, isAnswering, refused, onCode, onCancel } = props;
  const { digits, device, triesLeft } = step;
  const trans = useTrans();
  const [code, setCode] = useState('');
  const input = useFirstFocus();
  const id = useId();
  const trouble = refused ?? step.trouble;
  const take = (text: string) => {
    const next = text.replace(/\D/g, '').slice(0, digits);
    setCode(next);
    if (next.length === digits && code.length < digits) onCode(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.length === digits) onCode(code);
  };
  return (
    <form className="jp-LakesideSignIn-form" onSubmit={submit} autoComplete="off">
      <label htmlFor={id}>{trans.__('The %1 digits that "%2" shows now', digits, device)}</label>
      <input
        ref={input}
        id={id}
        className="jp-mod-styled jp-LakesideSignIn-code"
        type="text"
        inputMode="numeric"
        autoComplete="one-time-code"
        spellCheck={false}
        placeholder={'0'.repeat(digits)}
        value={code}
        readOnly={isAnswering}
        aria-invalid={trouble === undefined ? undefined : true}
        aria-describedby={`${id}-note`}
        onChange={event => take(event.target.value)}
      />
      <Note id={`${id}-note`} trouble={trouble}>
        {trans.__('They are sent with the last digit.')}
      </Note>
      <Tries left={triesLeft} isShown={step.trouble !== undefined} />
      <Buttons isAnswering={isAnswering} canSend={code.length === digits} onCancel={onCancel} />
    </form>
  );
}

/** A password, with the name of the user where that is not known. */
export function PasswordStep(
  props: ITypedProps & {
    step: Extract<SignInStep, { kind: 'password' }>;
    onPassword: (password: string, user: string | undefined) => void;
  }
): ReactNode {
  const { step, isAnswering, refused, onPassword, onCancel } = props;
  const trans = useTrans();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const input = useFirstFocus();
  const id = useId();
  const asksUser = step.user === undefined;
  const canSend = password !== '' && (!asksUser || user.trim() !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (canSend) onPassword(password, asksUser ? user.trim() : undefined);
  };
  return (
    <form className="jp-LakesideSignIn-form" onSubmit={submit}>
      {asksUser && (
        <>
          <label htmlFor={`${id}-user`}>{trans.__('User')}</label>
          <input
            ref={input}
            id={`${id}-user`}
            className="jp-mod-styled"
            autoComplete="username"
            spellCheck={false}
            value={user}
            readOnly={isAnswering}
            onChange={event => setUser(event.target.value)}
          />
        </>
      )}
      <label htmlFor={id}>
        {step.user === undefined ? trans.__('Password') : trans.__('Password of %1', step.user)}
      </label>
      <input
        ref={asksUser ? undefined : input}
        id={id}
        className="jp-mod-styled"
        type="password"
        autoComplete="current-password"
        value={password}
        readOnly={isAnswering}
        aria-invalid={(refused ?? step.trouble) === undefined ? undefined : true}
        aria-describedby={`${id}-note`}
        onChange={event => setPassword(event.target.value)}
      />
      <Note id={`${id}-note`} trouble={refused ?? step.trouble}>
        {trans.__('It is kept encrypted on the server, and no notebook sees it.')}
      </Note>
      <Tries left={step.triesLeft} isShown={step.trouble !== undefined} />
      <Buttons isAnswering={isAnswering} canSend={canSend} onCancel={onCancel} />
    </form>
  );
}

function Note(props: { id: string; trouble: string | undefined; children: ReactNode }): ReactNode {
  const { id, trouble, children } = props;
  return (
    <p id={id} className={trouble === undefined ? 'jp-Lakeside-hint' : 'jp-Lakeside-error'}>
      <span role="alert">{trouble}</span>
      {trouble === undefined && children}
    </p>
  );
}

function Tries({ left, isShown }: { left: number; isShown: boolean }): ReactNode {
  const trans = useTrans();
  if (!isShown) return null;
  return <p className="jp-LakesideSignIn-quiet">{trans._n('%1 try left', '%1 tries left', left)}</p>;
}

function Buttons(props: { isAnswering: boolean; canSend: boolean; onCancel: () => void }): ReactNode {
  const { isAnswering, canSend, onCancel } = props;
  const trans = useTrans();
  return (
    <div className="jp-LakesideSignIn-buttons">
      <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={onCancel}>
        {trans.__('Cancel')}
      </Button>
      <Button type="submit" className="jp-mod-styled jp-mod-accept" aria-disabled={!canSend || isAnswering}>
        {isAnswering ? trans.__('Checking…') : trans.__('Sign in')}
      </Button>
    </div>
  );
}

/** The first field has the focus when the step comes, also after a wrong answer. */
function useFirstFocus(): RefObject<HTMLInputElement> {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return input;
}
