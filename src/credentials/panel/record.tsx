import type { ReactNode } from 'react';
import type { AuditEntry, AuditReport, CredentialsOverview } from '../../../contract/credentials/records.js';
import { ago, exactTime } from '../../ui/format.js';
import { useNow } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import { eventWords } from '../words.js';
import { Folded } from './folded.js';

/** What happened to keys, the newest first, and whether the file that says so is whole. */
export function Record(props: { load: () => Promise<AuditReport>; overview: CredentialsOverview }): ReactNode {
  const { load, overview } = props;
  const trans = useTrans();
  const fresh = [
    overview.active,
    ...overview.profiles.map(({ state, session }) => `${state} ${session?.id}`),
    ...(overview.grants ?? []).map(({ id }) => id)
  ].join();
  return (
    <Folded name={trans.__('Record')} label={trans.__('Record of keys')} {...{ load, fresh }}>
      {report => (
        <>
          <p className={report.whole ? 'jp-LakesideCredentials-quiet' : 'jp-Lakeside-error'} role="status">
            <span aria-hidden="true">{report.whole ? '✓ ' : '! '}</span>
            {report.whole ? trans.__('The record is whole.') : report.detail}
          </p>
          <ol className="jp-LakesideCredentials-record">
            {report.entries.map(entry => (
              <Entry key={entry.number} entry={entry} />
            ))}
          </ol>
          {report.total > report.entries.length && (
            <p className="jp-LakesideCredentials-quiet">
              {trans.__('%1 earlier entries: lakeside credentials audit', report.total - report.entries.length)}
            </p>
          )}
        </>
      )}
    </Folded>
  );
}

function Entry({ entry }: { entry: AuditEntry }): ReactNode {
  const trans = useTrans();
  const now = useNow(30_000);
  const { process, by } = entry;
  const more = process?.kernel === undefined ? trans.__('By %1', by) : trans.__('Kernel %1', process.kernel);
  return (
    <li title={more}>
      <span>{eventWords(entry, trans)}</span>
      <time className="jp-LakesideCredentials-quiet" dateTime={entry.at} title={exactTime(entry.at)}>
        {ago(entry.at, now, trans)}
      </time>
    </li>
  );
}
