import { Button } from '@jupyterlab/ui-components';
import { useId } from 'react';
import type { ReactNode } from 'react';
import type { ScheduleGrant } from '../../../contract/credentials/grants.js';
import { exactTime } from '../../ui/format.js';
import { useTrans } from '../../ui/trans.js';

/** The schedules whose runs may use a profile; nothing where there is none. */
export function Schedules(props: {
  grants: readonly ScheduleGrant[];
  isBusy: boolean;
  onRevoke: (grant: ScheduleGrant) => void;
}): ReactNode {
  const { grants, isBusy, onRevoke } = props;
  const trans = useTrans();
  const id = useId();
  if (grants.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h4 id={id}>{trans.__('Schedules that may use it')}</h4>
      <ul className="jp-LakesideCredentials-schedules">
        {grants.map(grant => (
          <li key={grant.id} className="jp-LakesideCredentials-role">
            <div title={trans.__('Since %1', exactTime(grant.since))}>
              <strong>
                <bdi>{grant.name}</bdi>
              </strong>
              <p className="jp-LakesideCredentials-quiet">{words(grant, trans)}</p>
            </div>
            <Button
              type="button"
              className="jp-mod-styled jp-mod-reject"
              aria-label={trans.__('Revoke what %1 may use', grant.name)}
              title={trans.__('Its runs get no keys from then on. Keys that a run has live to their end.')}
              disabled={isBusy}
              onClick={() => onRevoke(grant)}
            >
              {trans.__('Revoke')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function words({ role, state, trouble }: ScheduleGrant, trans: ReturnType<typeof useTrans>): string {
  if (state === 'stopped') return trouble ?? trans.__('Its next run would not start.');
  return role === undefined ? trans.__('also while you are away') : trans.__('as %1, also while you are away', role);
}
