import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { ResourceModel } from '../library/resourceModel.js';
import { Button } from '../library/views/button.js';
import { useLibrary } from '../library/views/context.js';
import { Icon } from '../library/views/icons.js';
import { Modal } from '../library/views/modal.js';
import { useModelState } from '../../ui/hooks.js';
import { Bar } from '../library/views/states.js';
import type { IPageFiles } from './contents.js';

/** Chooses a folder among the person's files. */
export function FolderDialog(props: {
  files: IPageFiles;
  start: string;
  onChoose: (folder: string) => void;
  onClose: () => void;
}): ReactNode {
  const { trans } = useLibrary();
  const { files } = props;
  const [folder, setFolder] = useState(props.start);
  const model = useMemo(() => new ResourceModel(() => files.folders(folder)), [files, folder]);
  const { phase, value, error } = useModelState(model);
  useEffect(() => {
    model.ensure();
    return () => model.dispose();
  }, [model]);

  const parts = folder.split('/').filter(Boolean);
  return (
    <Modal title={trans.__('Fork into a folder')} onClose={props.onClose}>
      <div className="lk-Form">
        <nav className="lk-Folders-path" aria-label={trans.__('Folder')}>
          <Button look="plain" icon="group" onClick={() => setFolder('')} aria-current={parts.length === 0}>
            {trans.__('My files')}
          </Button>
          {parts.map((part, position) => (
            <span key={position}>
              <span aria-hidden="true">/</span>
              <Button
                look="plain"
                aria-current={position === parts.length - 1}
                onClick={() => setFolder(parts.slice(0, position + 1).join('/'))}
              >
                {part}
              </Button>
            </span>
          ))}
        </nav>
        <div className="lk-Folders" aria-busy={phase === 'loading'}>
          {phase === 'loading' && <Bar width="50%" />}
          {phase === 'failed' && error && (
            <p role="alert">
              {error.message}{' '}
              <Button look="plain" onClick={() => void model.refresh()}>
                {trans.__('Retry')}
              </Button>
            </p>
          )}
          {value?.length === 0 && <p>{trans.__('There are no folders in it.')}</p>}
          <ul role="list">
            {value?.map(entry => (
              <li key={entry.path}>
                <button type="button" className="lk-Menu-item" onClick={() => setFolder(entry.path)}>
                  <Icon name="group" />
                  <bdi className="lk-Menu-label">{entry.name}</bdi>
                </button>
              </li>
            ))}
          </ul>
        </div>
        <div className="lk-Form-buttons">
          <Button onClick={props.onClose}>{trans.__('Cancel')}</Button>
          <Button look="main" icon="fork" onClick={() => props.onChoose(folder)}>
            {parts.length === 0 ? trans.__('Fork to my files') : trans.__('Fork to "%1"', parts.at(-1) ?? '')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
