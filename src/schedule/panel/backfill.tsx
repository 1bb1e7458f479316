import { Button, ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { ProblemError } from '../../../contract/problem.js';
import { asProblem } from '../../api/problems.js';
import { Field } from '../../ui/field.js';
import { Surface } from '../../ui/surface.js';
import { TransProvider, useTrans } from '../../ui/trans.js';

/** What filling in the past needs. */
export interface IBackfillOptions {
  name: string;
  trans: TranslationBundle;
  /** The last day that is offered: today. */
  today: string;
  /** Makes the runs. Rejects with a `ProblemError`. */
  run: (from: string, to: string) => Promise<void>;
}

/** Asks for which days of the past a schedule is to run, and starts that. */
export async function askBackfill(options: IBackfillOptions): Promise<void> {
  const { name, trans } = options;
  const body = ReactWidget.create(
    <TransProvider trans={trans}>
      <BackfillForm {...options} onClose={() => surface.reject()} />
    </TransProvider>
  );
  body.addClass('jp-LakesideSchedule-backfill');
  const surface: Surface = new Surface({
    title: trans.__('Backfill "%1"', name),
    body,
    className: 'jp-LakesideSchedule-dialog',
    closeLabel: trans.__('Close')
  });
  await surface.launch();
}

/** From which day to which. */
export function BackfillForm(props: IBackfillOptions & { onClose: () => void }): ReactNode {
  const { today, run, onClose } = props;
  const trans = useTrans();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState(today);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemError>();
  const missing = from === '' ? trans.__('Choose the first day.') : undefined;
  const turned = from > to ? trans.__('The last day is before the first one.') : undefined;
  const serverSays = (field: string) => problem?.errors?.find(each => each.field.endsWith(field))?.message;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing || turned || isBusy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await run(from, to);
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <form noValidate onSubmit={event => void submit(event)}>
      <p>{trans.__('Runs once for each time it was due on these days. What succeeded or is under way stays.')}</p>
      <Field label={trans.__('From')} error={isTried ? (missing ?? serverSays('from')) : undefined}>
        {ids => (
          <input
            {...ids}
            type="date"
            className="jp-mod-styled"
            value={from}
            max={today}
            onChange={event => setFrom(event.target.value)}
          />
        )}
      </Field>
      <Field label={trans.__('To')} error={isTried ? (turned ?? serverSays('to')) : undefined}>
        {ids => (
          <input
            {...ids}
            type="date"
            className="jp-mod-styled"
            value={to}
            max={today}
            onChange={event => setTo(event.target.value)}
          />
        )}
      </Field>
      {problem && (
        <p className="jp-Lakeside-error" role="alert">
          {problem.message}
        </p>
      )}
      <div className="jp-Lakeside-buttons">
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={onClose}>
          {trans.__('Cancel')}
        </Button>
        <Button type="submit" className="jp-mod-styled jp-mod-accept" aria-disabled={isBusy || undefined}>
          {isBusy ? trans.__('Starting') : trans.__('Run these days')}
        </Button>
      </div>
    </form>
  );
}
