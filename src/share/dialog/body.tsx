import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement, ReactNode } from 'react';
import { useModelState } from '../../ui/hooks.js';
import { TransProvider } from '../../ui/trans.js';
import type { DialogModel } from '../dialogModel.js';
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
      <div className="jp-LakesideShare-grid">
        <Phase {...props} />
        {props.model.preview && <Preview model={props.model.preview} />}
      </div>
    </TransProvider>
  );
}

function Phase({ model, onOpen, onClose }: IDialogBodyProps): ReactNode {
  switch (useModelState(model).phase) {
    case 'form':
      return <Form model={model} onClose={onClose} />;
    case 'working':
      return <Progress model={model} onClose={onClose} />;
    case 'done':
      return <Done model={model} onOpen={onOpen} onClose={onClose} />;
    case 'failed':
      return <Failed model={model} onClose={onClose} />;
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
