import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement, ReactNode } from 'react';
import { useModelState } from '../../ui/hooks.js';
import { TransProvider } from '../../ui/trans.js';
import type { DialogModel } from '../dialogModel.js';
import { Conflict } from './conflict.js';
import { Form } from './form.js';
import { Done, Failed } from './outcome.js';
import { Preview } from './preview.js';
import { Progress } from './progress.js';

/** What the body of the dialog needs. */
export interface IDialogBodyProps {
  model: DialogModel;
  trans: TranslationBundle;
  onOpen: (link: string) => void;
  onClose: () => void;
}

/** The share dialog: form, progress and outcome in the same place, beside the page. */
export function DialogBody(props: IDialogBodyProps): ReactNode {
  return (
    <TransProvider trans={props.trans}>
      <Grid {...props} />
    </TransProvider>
  );
}

/** What the page says is beside it, but where its whole text is to be compared. */
function Grid(props: IDialogBodyProps): ReactNode {
  const { preview } = props.model;
  const isCompared = useModelState(props.model).phase === 'conflict';
  return (
    <div className={`jp-LakesideShare-grid${isCompared ? ' jp-mod-whole' : ''}`}>
      <Phase {...props} />
      {preview && !isCompared && <Preview model={preview} />}
    </div>
  );
}

function Phase({ model, onOpen, onClose }: IDialogBodyProps): ReactNode {
  const { phase, conflict } = useModelState(model);
  switch (phase) {
    case 'form':
      return <Form model={model} onClose={onClose} />;
    case 'working':
      return <Progress model={model} onClose={onClose} />;
    case 'done':
      return <Done model={model} onOpen={onOpen} onClose={onClose} />;
    case 'failed':
      return <Failed model={model} onClose={onClose} />;
    case 'conflict':
      return conflict && <Conflict model={model} conflict={conflict} onClose={onClose} />;
  }
}

/** The body as a widget. */
export class DialogBodyWidget extends ReactWidget {
  constructor(props: IDialogBodyProps) {
    super();
    this._props = props;
    this.addClass('jp-LakesideShare-body');
  }

  protected override render(): ReactElement {
    return <DialogBody {...this._props} />;
  }

  private readonly _props: IDialogBodyProps;
}
