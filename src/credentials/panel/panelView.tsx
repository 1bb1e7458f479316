import { Button } from '@jupyterlab/ui-components';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { CredentialsOverview } from '../../../contract/credentials/records.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { Empty, Failed, Skeleton, Stale } from '../../ui/states.js';
import { useTrans } from '../../ui/trans.js';
import type { CredentialsModel } from '../credentialsModel.js';
import { Mark } from '../mark.js';
import { meant, standingOf } from '../standing.js';
import { productionWord, standingWords } from '../words.js';
import { schedulesOf } from './actions.js';
import type { IPanelActions } from './actions.js';
import { Doctor } from './doctor.js';
import { ProfileCard } from './profileCard.js';
import { Record } from './record.js';

/** What the panel shows. */
export interface IPanelProps {
  model: CredentialsModel;
  actions: IPanelActions;
  /** The profile whose roles are unfolded from the start. */
  rolesOf: string | undefined;
  /** Whether the doctor is unfolded from the start. */
  doctorOpen: boolean;
}

const EXAMPLE = `profiles:
  dev:
    kind: oidc
    issuer: …
    clientId: …
    roles: …`;

/** Who am I, how long? Then each profile, how sessions are kept, and what happened. */
export function PanelView({ model, actions, rolesOf, doctorOpen }: IPanelProps): ReactNode {
  const trans = useTrans();
  const { phase, overview, error, ahead, busy } = useModelState(model);
  const now = useNow(1_000) + ahead;
  const refresh = () => void model.refresh();
  useEffect(() => {
    if (model.state.phase !== 'ready' || model.state.overview?.profiles.length === 0) void model.refresh();
  }, [model]);

  if (phase === 'failed' && error) {
    return <Failed title={trans.__('Sign-ins cannot be shown')} error={error} onRetry={refresh} />;
  }
  if (overview === undefined) return <Skeleton lines={6} label={trans.__('Loading the profiles')} />;
  if (overview.profiles.length === 0) {
    return (
      <Empty
        title={trans.__('No profile is configured')}
        action={
          <>
            <pre className="jp-LakesideCredentials-example">{EXAMPLE}</pre>
            <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={refresh}>
              {trans.__('Look again')}
            </Button>
          </>
        }
      >
        {trans.__(
          'With a profile you sign in once, and every notebook has keys. Write it into the configuration, then start Jupyter again:'
        )}
      </Empty>
    );
  }
  return (
    <div className="jp-LakesideCredentials-scroll">
      {error && <Stale error={error} onRetry={refresh} />}
      <Headline overview={overview} now={now} />
      <ul className="jp-LakesideCredentials-profiles" aria-label={trans.__('Profiles')}>
        {overview.profiles.map(profile => (
          <ProfileCard
            key={profile.id}
            profile={profile}
            now={now}
            isActive={overview.active === profile.id}
            isOnly={overview.profiles.filter(({ opens }) => opens === 'aws').length === 1}
            isBusy={busy.has(profile.id)}
            grants={schedulesOf(overview, profile.id)}
            actions={actions}
            loadRoles={() => model.roles(profile.id)}
            rolesOpen={rolesOf === profile.id}
          />
        ))}
      </ul>
      {overview.store && <p className="jp-LakesideCredentials-quiet">{overview.store.detail}</p>}
      <Doctor load={() => model.doctor()} fix={fix => actions.mend(fix)} overview={overview} startsOpen={doctorOpen} />
      <Record load={() => model.audit(LAST)} overview={overview} />
    </div>
  );
}

/** So many entries of the record are shown. */
const LAST = 20;

function Headline({ overview, now }: { overview: CredentialsOverview; now: number }): ReactNode {
  const trans = useTrans();
  const profile = meant(overview);
  if (profile === undefined) {
    return <p className="jp-LakesideCredentials-headline">{trans.__('Kernels use no profile yet')}</p>;
  }
  const standing = standingOf(profile, now);
  // A time is not torn apart at the end of a narrow line.
  const left = standingWords(standing, trans).replaceAll(' ', '\u00a0');
  const words = [profile.label, productionWord(profile, trans), left];
  return (
    <p className="jp-LakesideCredentials-headline">
      <Mark state={standing.state} colour={profile.colour} />
      <span>{words.filter(Boolean).join(' · ')}</span>
    </p>
  );
}
