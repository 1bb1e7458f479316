import { Button } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import type { ScheduleGrant } from '../../../contract/credentials/grants.js';
import type { Profile, Role } from '../../../contract/credentials/records.js';
import { exactTime } from '../../ui/format.js';
import { useTrans } from '../../ui/trans.js';
import { Mark } from '../mark.js';
import { standingOf } from '../standing.js';
import { productionWord, stateWord, timeLeft, whoWords } from '../words.js';
import type { IPanelActions } from './actions.js';
import { Roles } from './roles.js';
import { Schedules } from './schedules.js';

/** What a profile is shown with. */
export interface IProfileCardProps {
  profile: Profile;
  /** The server's time. */
  now: number;
  /** Kernels get its keys. */
  isActive: boolean;
  /** No other could be chosen for kernels. */
  isOnly: boolean;
  isBusy: boolean;
  /** The schedules whose runs may use it. */
  grants: readonly ScheduleGrant[];
  actions: IPanelActions;
  loadRoles: () => Promise<Role[]>;
  rolesOpen: boolean;
}

/** A profile: who one is, how long, and what can be done. */
export function ProfileCard(props: IProfileCardProps): ReactNode {
  const { profile, now, isActive, isBusy, actions, loadRoles, rolesOpen } = props;
  const trans = useTrans();
  const { session, trouble, label, description } = profile;
  const { state, left, endsAt, renews } = standingOf(profile, now);
  const who = whoWords(profile, trans);
  const production = productionWord(profile, trans);
  return (
    <li className={`jp-LakesideCredentials-profile jp-mod-${profile.colour}`} aria-busy={isBusy || undefined}>
      <h3>
        <Mark state={state} colour={profile.colour} />
        <span>{label}</span>{' '}
        {production !== undefined && <span className="jp-LakesideCredentials-word">{production}</span>}{' '}
        {isActive && <span className="jp-LakesideCredentials-word jp-mod-plain">{trans.__('kernels')}</span>}
      </h3>
      {description !== '' && <p className="jp-LakesideCredentials-quiet">{description}</p>}
      {who !== undefined && (
        <p title={session?.identity.arn}>
          <bdi>{who}</bdi>
        </p>
      )}
      <p title={endsAt === undefined ? undefined : exactTime(new Date(endsAt).toISOString())}>
        {left === undefined || left === 0 || state === 'signing-in'
          ? stateWord(state, trans)
          : trans.__('%1 · %2 left', stateWord(state, trans), timeLeft(left, trans))}
        {renews && ` · ${trans.__('renews by itself')}`}
      </p>
      {trouble !== undefined && (
        <p className="jp-Lakeside-notice jp-mod-warn" role="status">
          {trouble.message}
        </p>
      )}
      <Buttons {...props} />
      {session?.renewable === true && (
        <label className="jp-Lakeside-option">
          <input
            type="checkbox"
            checked={profile.autoRefresh}
            disabled={isBusy}
            onChange={event => actions.setAutoRefresh(profile, event.target.checked)}
          />
          <span>{trans.__('Auto-refresh: new keys before the old end')}</span>
        </label>
      )}
      <Schedules grants={props.grants} isBusy={isBusy} onRevoke={actions.revoke} />
      {profile.opens === 'aws' && profile.kind !== 'static' && (
        <Roles
          profile={profile}
          load={loadRoles}
          startsOpen={rolesOpen}
          onTake={role => actions.takeRole(profile, role)}
        />
      )}
    </li>
  );
}

function Buttons({ profile, now, isActive, isOnly, isBusy, actions }: IProfileCardProps): ReactNode {
  const trans = useTrans();
  const { label, session } = profile;
  const { state } = standingOf(profile, now);
  const needsSignIn = state !== 'active';
  const isSignedIn = session !== undefined;
  const button = (text: string, name: string, run: (profile: Profile) => void, isFirst = false, title?: string) => (
    <Button
      type="button"
      className={`jp-mod-styled ${isFirst ? 'jp-mod-accept' : 'jp-mod-reject'}`}
      aria-label={name}
      title={title}
      disabled={isBusy}
      onClick={() => run(profile)}
    >
      {text}
    </Button>
  );
  const goOn = state === 'signing-in';
  return (
    <div className="jp-Lakeside-buttons">
      {(needsSignIn || !isSignedIn) &&
        button(
          goOn ? trans.__('Go on') : trans.__('Sign in'),
          goOn ? trans.__('Go on with the sign-in to %1', label) : trans.__('Sign in to %1', label),
          actions.signIn,
          true
        )}
      {profile.opens === 'aws' &&
        !isActive &&
        !isOnly &&
        button(trans.__('Use for kernels'), trans.__('Use %1 for kernels', label), actions.switchTo)}
      {session?.renewable === true &&
        button(trans.__('Refresh'), trans.__('Fetch new keys of %1', label), actions.renew)}
      {state === 'active' &&
        profile.method !== 'none' &&
        button(trans.__('Sign in anew'), trans.__('Sign in to %1 anew', label), actions.signIn)}
      {isSignedIn &&
        button(
          trans.__('Sign out'),
          trans.__('Sign out of %1', label),
          actions.signOut,
          false,
          trans.__('Wipes the session from this server. Keys that kernels have got live to their end.')
        )}
    </div>
  );
}
