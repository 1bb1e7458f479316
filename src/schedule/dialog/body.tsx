import { Button, ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { ProblemError } from '../../../contract/problem.js';
import type { Schedule } from '../../../contract/schedule/records.js';
import { problemDetails } from '../../api/problems.js';
import { copyText } from '../../ui/clipboard.js';
import { useModelState } from '../../ui/hooks.js';
import { TransProvider, useTrans } from '../../ui/trans.js';
import { SHAPES } from '../states.js';
import type { DialogModel } from './dialogModel.js';
import { Form } from './form.js';
import type { IOpenNotebook } from './notices.js';
import { Test } from './test.js';

/** What the body of the dialog needs. */
export interface IDialogBodyProps {
  model: DialogModel;
  trans: TranslationBundle;
  /** The notebook, where it is open. */
  notebook: IOpenNotebook | undefined;
  /** Opens the output of a run, given its folder. */
  onOpen: (folder: string) => void;
  onSaved: (schedule: Schedule) => void;
  onClose: () => void;
}

/** The schedule dialog: the form, and the test in the same place. */
export function DialogBody(props: IDialogBodyProps): ReactNode {
  return (
    <TransProvider trans={props.trans}>
      <Phase {...props} />
    </TransProvider>
  );
}

function Phase(props: IDialogBodyProps): ReactNode {
  const { phase, draft, test, problem } = useModelState(props.model);
  if (phase === 'failed' && problem) return <Failed {...props} problem={problem} />;
  if (phase === 'testing' && test) return <Test {...props} test={test} />;
  if (draft && phase === 'form') return <Form {...props} draft={draft} />;
  return <Loading />;
}

/** Keeps the place of the form until there is one. */
function Loading(): ReactNode {
  const trans = useTrans();
  return (
    <div className="jp-LakesideSchedule-skeleton" role="status" aria-label={trans.__('Reading the notebook')}>
      {Array.from({ length: 8 }, (_, line) => (
        <div key={line} />
      ))}
    </div>
  );
}

/** Why there is nothing to fill in. */
function Failed({ model, problem, onClose }: IDialogBodyProps & { problem: ProblemError }): ReactNode {
  const trans = useTrans();
  const [copied, setCopied] = useState(false);
  return (
    <div className="jp-LakesideSchedule-phase">
      <div className="jp-LakesideSchedule-content">
        <p className="jp-LakesideSchedule-verdict" role="alert">
          <span className="jp-LakesideSchedule-failed" aria-hidden="true">
            {SHAPES.failed}
          </span>
          {problem.message}
        </p>
      </div>
      <div className="jp-LakesideSchedule-buttons">
        <Button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          onClick={() => void copyText(problemDetails(problem)).then(setCopied)}
        >
          {copied ? trans.__('Copied') : trans.__('Copy details')}
        </Button>
        <span className="jp-LakesideSchedule-space" />
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={onClose}>
          {trans.__('Close')}
        </Button>
        <Button type="button" className="jp-mod-styled jp-mod-accept" onClick={() => void model.load()}>
          {trans.__('Retry')}
        </Button>
      </div>
    </div>
  );
}

/** The body as a widget. */
export class DialogBodyWidget extends ReactWidget {
  constructor(props: IDialogBodyProps) {
    super();
    this._props = props;
    this.addClass('jp-LakesideSchedule-body');
  }

  protected override render(): ReactElement {
    return <DialogBody {...this._props} />;
  }

  private readonly _props: IDialogBodyProps;
}
