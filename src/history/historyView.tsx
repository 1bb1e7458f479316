import { Button } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import type { HistoryVersion } from '../../contract/history/records.js';
import { exactTime, fileSize } from '../ui/format.js';
import { useModelState } from '../ui/hooks.js';
import { useTrans } from '../ui/trans.js';
import { ChangeList } from './changeList.js';
import type { Against, HistoryModel } from './historyModel.js';
import { restoreAll, restoreCell } from './restore.js';
import type { IRestoreOptions } from './restore.js';
import { Empty, Failed, Skeleton, Stale } from '../ui/states.js';
import { Timeline } from './timeline.js';

/** The history of one notebook: its versions, and what changed in the chosen one. */
export function HistoryView(props: {
  model: HistoryModel;
  /** Missing for a notebook that was deleted: it is brought back first. */
  restore: IRestoreOptions | undefined;
  onSaveNow: () => void;
}): ReactNode {
  const { model, restore, onSaveNow } = props;
  const trans = useTrans();
  const { phase, error, enabled, notebook, versions } = useModelState(model);

  if (phase === 'loading') return <Skeleton lines={8} label={trans.__('Loading the history')} />;
  if (phase === 'failed' && error) {
    return (
      <Failed title={trans.__('The history cannot be shown')} error={error} onRetry={() => void model.refresh()} />
    );
  }
  if (versions.length === 0) {
    return enabled ? (
      <Empty
        title={trans.__('Nothing was kept of this notebook yet')}
        action={
          restore && (
            <Button type="button" className="jp-mod-styled jp-mod-accept" onClick={onSaveNow}>
              {trans.__('Save now')}
            </Button>
          )
        }
      >
        {trans.__('Each time you save it, it is kept as a version that you can go back to.')}
      </Empty>
    ) : (
      <Empty title={trans.__('History is off on this server')}>
        {trans.__('Saved notebooks are not kept as versions. Ask whoever runs this server to turn history on.')}
      </Empty>
    );
  }
  return (
    <>
      {error && <Stale error={error} onRetry={() => void model.refresh()} />}
      {!enabled && (
        <p className="jp-Lakeside-notice" role="status">
          {trans.__('History is off on this server: nothing new is kept.')}
        </p>
      )}
      {notebook?.deletedAt && (
        <p className="jp-Lakeside-notice" role="status">
          {trans.__('This notebook was deleted. Bring it back from the list of deleted notebooks to restore from it.')}
        </p>
      )}
      <div className="jp-LakesideHistory-split">
        <Timeline model={model} />
        <Chosen model={model} restore={restore} />
      </div>
    </>
  );
}

function Chosen(props: { model: HistoryModel; restore: IRestoreOptions | undefined }): ReactNode {
  const { model, restore } = props;
  const trans = useTrans();
  const { versions, against, diff } = useModelState(model);
  const { version } = model;
  if (version === undefined) return null;
  const isNewest = version === versions[0];
  return (
    <section className="jp-LakesideHistory-chosen" aria-label={trans.__('The chosen version')}>
      <header className="jp-LakesideHistory-head">
        <div className="jp-LakesideHistory-headText">
          <h2>{exactTime(version.at)}</h2>
          <p>{factsOf(version, trans)}</p>
        </div>
        {restore && !isNewest && (
          <Button
            type="button"
            className="jp-mod-styled jp-mod-accept"
            onClick={() => void restoreAll(version, restore)}
          >
            {trans.__('Restore all')}
          </Button>
        )}
      </header>
      <Compared model={model} against={against} />
      {diff === undefined || diff.phase === 'loading' ? (
        <Skeleton lines={5} label={trans.__('Comparing')} />
      ) : diff.phase === 'failed' && diff.error ? (
        <Failed
          title={trans.__('The two versions cannot be compared')}
          error={diff.error}
          onRetry={() => model.retryDiff()}
        />
      ) : (
        diff.diff && (
          <ChangeList
            model={model}
            diff={diff.diff}
            against={against}
            isNewest={isNewest}
            onRestore={restore && (source => void restoreCell(source, restore))}
          />
        )
      )}
    </section>
  );
}

function Compared(props: { model: HistoryModel; against: Against }): ReactNode {
  const trans = useTrans();
  const choices: { value: Against; label: string }[] = [
    { value: 'before', label: trans.__('Changed in this save') },
    { value: 'now', label: trans.__('Compared with now') }
  ];
  return (
    <div className="jp-LakesideHistory-compared" role="group" aria-label={trans.__('What is shown')}>
      {choices.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          aria-pressed={props.against === value}
          onClick={() => props.model.compareWith(value)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function factsOf(version: HistoryVersion, trans: ReturnType<typeof useTrans>): string {
  const { by, kind, size, counts } = version;
  const cells = trans._n('%1 cell', '%1 cells', counts.cells);
  const who = kind === 'before' ? trans.__('found in the file before %1 saved it', by) : trans.__('saved by %1', by);
  return `${who} · ${cells} · ${fileSize(size)}`;
}
