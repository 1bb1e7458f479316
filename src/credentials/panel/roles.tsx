import { Button } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import type { Profile, Role } from '../../../contract/credentials/records.js';
import { useTrans } from '../../ui/trans.js';
import { Folded } from './folded.js';

/** The roles one may take, and what each may do. */
export function Roles(props: {
  profile: Profile;
  load: () => Promise<Role[]>;
  startsOpen: boolean;
  onTake: (role: string) => void;
}): ReactNode {
  const { profile, load, startsOpen, onTake } = props;
  const trans = useTrans();
  const fresh = [profile.state, profile.session?.id, profile.session?.role].join('/');
  return (
    <Folded
      name={trans.__('My roles')}
      label={trans.__('My roles in %1', profile.label)}
      {...{ load, startsOpen, fresh }}
    >
      {roles =>
        roles.length === 0 ? (
          <p className="jp-LakesideCredentials-quiet">{trans.__('There are no roles to take.')}</p>
        ) : (
          <ul>
            {roles.map(role => (
              <RoleRow key={role.id} role={role} onTake={() => onTake(role.id)} />
            ))}
          </ul>
        )
      }
    </Folded>
  );
}

function RoleRow({ role, onTake }: { role: Role; onTake: () => void }): ReactNode {
  const trans = useTrans();
  return (
    <li className="jp-LakesideCredentials-role">
      <div title={role.arn}>
        <strong>{role.label}</strong>
        {role.description !== undefined && <p className="jp-LakesideCredentials-quiet">{role.description}</p>}
      </div>
      {role.current ? (
        <span>
          <span aria-hidden="true">● </span>
          {trans.__('yours now')}
        </span>
      ) : (
        <Button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          aria-label={trans.__('Take the role %1', role.label)}
          onClick={onTake}
        >
          {trans.__('Take')}
        </Button>
      )}
    </li>
  );
}
