import { Button } from '@jupyterlab/ui-components';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { CredentialsOverview, DoctorFinding } from '../../../contract/credentials/records.js';
import { asProblem } from '../../api/problems.js';
import { useTrans } from '../../ui/trans.js';
import type { Fix } from './actions.js';
import { Folded } from './folded.js';

/** Shapes beside colours. */
const MARKS = { ok: '✓', warning: '!', failed: '✕' };

/** How a new kernel finds its keys, what is in the way, and what mends it. */
export function Doctor(props: {
  load: () => Promise<DoctorFinding[]>;
  fix: (fix: Fix) => Promise<void>;
  overview: CredentialsOverview;
  startsOpen: boolean;
}): ReactNode {
  const { load, fix, overview, startsOpen } = props;
  const trans = useTrans();
  const [looks, setLooks] = useState(0);
  const [fixing, setFixing] = useState<string>();
  const [trouble, setTrouble] = useState('');
  const standing = overview.profiles.map(({ state, session }) => `${state} ${session?.id}`);
  const fresh = [overview.active, ...standing, looks].join();
  const look = () => {
    setTrouble('');
    setLooks(looks + 1);
  };
  const mend = async (offered: Fix) => {
    setFixing(offered.id);
    try {
      await fix(offered);
      look();
    } catch (error) {
      setTrouble(asProblem(error).message);
    }
    setFixing(undefined);
  };
  return (
    <Folded
      name={trans.__('Doctor')}
      label={trans.__('Doctor: how kernels find keys')}
      {...{ load, fresh, startsOpen }}
    >
      {findings => (
        <div className="jp-LakesideCredentials-doctor">
          <Verdict findings={findings} />
          {trouble !== '' && (
            <p className="jp-Lakeside-error" role="alert">
              {trouble}
            </p>
          )}
          <ul>
            {findings.map(finding => (
              <Finding
                key={finding.id}
                finding={finding}
                isBusy={fixing !== undefined}
                onFix={offered => void mend(offered)}
                onLook={look}
              />
            ))}
          </ul>
          <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={look}>
            {trans.__('Look again')}
          </Button>
        </div>
      )}
    </Folded>
  );
}

function Verdict({ findings }: { findings: DoctorFinding[] }): ReactNode {
  const trans = useTrans();
  const failed = findings.filter(({ state }) => state === 'failed').length;
  const warnings = findings.filter(({ state }) => state === 'warning').length;
  const words =
    failed > 0
      ? trans._n('One thing keeps kernels from their keys.', '%1 things keep kernels from their keys.', failed)
      : warnings > 0
        ? trans._n('Nothing is broken; one thing to know.', 'Nothing is broken; %1 things to know.', warnings)
        : trans.__('Kernels find their keys.');
  return <p role="status">{words}</p>;
}

function Finding(props: {
  finding: DoctorFinding;
  isBusy: boolean;
  onFix: (fix: Fix) => void;
  onLook: () => void;
}): ReactNode {
  const { state, detail, cure, fix } = props.finding;
  const trans = useTrans();
  const word = { ok: trans.__('Good'), warning: trans.__('To know'), failed: trans.__('In the way') }[state];
  return (
    <li className={`jp-LakesideCredentials-finding jp-mod-${state}`}>
      <span role="img" aria-label={word}>
        {MARKS[state]}
      </span>
      <div>
        <p>{detail}</p>
        {cure !== undefined && state !== 'ok' && <p className="jp-LakesideCredentials-quiet">{cure}</p>}
        {fix !== undefined && (
          <Button
            type="button"
            className={`jp-mod-styled ${state === 'ok' ? 'jp-mod-reject' : 'jp-mod-accept'}`}
            disabled={props.isBusy}
            onClick={() => props.onFix(fix)}
          >
            {fix.label}
          </Button>
        )}
        {fix === undefined && state === 'failed' && (
          <Button
            type="button"
            className="jp-mod-styled jp-mod-reject"
            disabled={props.isBusy}
            aria-label={trans.__('Check again: %1', detail)}
            onClick={props.onLook}
          >
            {trans.__('Check again')}
          </Button>
        )}
      </div>
    </li>
  );
}
