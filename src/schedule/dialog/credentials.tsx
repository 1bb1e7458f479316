import { Button, HTMLSelect } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import type { RunProfile, Times } from '../../../contract/schedule/form.js';
import { Field } from '../../ui/field.js';
import { exactTime } from '../../ui/format.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from './dialogModel.js';
import type { IDraft } from './draft.js';

/** Whose keys its runs get. Nothing where no profile is configured and none is named. */
export function Credentials(props: { model: DialogModel; draft: IDraft }): ReactNode {
  const trans = useTrans();
  const { model, draft } = props;
  const { errors } = useModelState(model);
  const { profiles, signingIn } = useModelState(model.profiles);
  const { times } = useModelState(model.times);
  const name = draft.credentials;
  if (profiles.length === 0 && name === '') return null;
  const chosen = profiles.find(each => each.name === name);
  const known = profiles.map(each => ({ value: each.name, label: each.title }));
  const trouble = chosen && troubleOf(chosen, times, trans);
  return (
    <>
      <Field
        label={trans.__('Credentials')}
        error={errors['credentials']}
        hint={
          name === ''
            ? trans.__('Runs get the keys that kernels get then, and none where nobody is signed in.')
            : trans.__('Runs get keys of this profile, also while you are away, until you sign out or revoke it.')
        }
      >
        {ids => (
          <HTMLSelect
            {...ids}
            value={name}
            onChange={event => model.change({ credentials: event.currentTarget.value })}
            options={[
              { value: '', label: trans.__('Those in use when it runs') },
              ...known,
              ...(name === '' || chosen ? [] : [{ value: name, label: name }])
            ]}
          />
        )}
      </Field>
      {trouble !== undefined && (
        <div className="jp-Lakeside-notice jp-mod-warn" role="status">
          <p>{trouble}</p>
          {model.profiles.canSignIn && (
            <div className="jp-Lakeside-buttons">
              <Button
                type="button"
                className="jp-mod-styled jp-mod-reject"
                aria-label={trans.__('Sign in to %1', chosen?.title ?? name)}
                disabled={signingIn}
                onClick={() => void model.profiles.signIn(name).then(() => model.change({ credentials: name }))}
              >
                {trans.__('Sign in')}
              </Button>
            </div>
          )}
        </div>
      )}
    </>
  );
}

/** Why the next run would get no keys, where that is known before it is saved. */
function troubleOf(
  profile: RunProfile,
  times: Times | undefined,
  trans: ReturnType<typeof useTrans>
): string | undefined {
  const { trouble, until } = profile;
  if (trouble !== undefined) return trouble;
  const due = times?.next[0]?.at;
  if (until === undefined || due === undefined || Date.parse(until) >= Date.parse(due)) return undefined;
  return trans.__(
    'Its keys can be renewed until %1, and the next run is after that: sign in again before then.',
    exactTime(until)
  );
}
