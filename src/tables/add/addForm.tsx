import { Button, HTMLSelect } from '@jupyterlab/ui-components';
import { useEffect, useId, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { ProblemError } from '../../../contract/problem.js';
import type { Source } from '../../../contract/tables/records.js';
import { Field } from '../../ui/field.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { AddModel, IAddState } from './addModel.js';
import { PLAIN, Setting } from './fields.js';
import { Findings } from './findings.js';
import { fieldsOf } from './kinds.js';
import type { IGroup, IKind } from './kinds.js';

/** What the form is given. */
export interface IAddFormProps {
  model: AddModel;
  /** The source is there. */
  onAdded: (source: Source) => void;
  /** The person leaves; what was typed stays in the model. */
  onLeave: () => void;
}

/** Describes a source, tries it, adds it. */
export function AddForm({ model, onAdded, onLeave }: IAddFormProps): ReactNode {
  const trans = useTrans();
  const state = useModelState(model);
  const title = useId();
  const form = useRef<HTMLFormElement>(null);
  const found = useRef<HTMLDivElement>(null);
  const { kind, busy, refusals, test, problem, others } = state;

  useEffect(() => form.current?.querySelector<HTMLElement>('select, input')?.focus(), []);
  useEffect(() => {
    if (refusals > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refusals]);
  // What was found is below all fields.
  const isSaid = test !== undefined || problem !== undefined || others.length > 0;
  useEffect(() => {
    if (isSaid || busy) found.current?.scrollIntoView({ block: 'nearest' });
  }, [isSaid, busy]);

  const add = () => void model.add().then(source => source && onAdded(source));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (busy === 'testing') model.stop();
    else if (busy === undefined) onLeave();
  };

  return (
    <form
      ref={form}
      className="jp-LakesideTables-add"
      aria-labelledby={title}
      aria-busy={busy !== undefined}
      noValidate
      onKeyDown={onKeyDown}
      onSubmit={event => {
        event.preventDefault();
        add();
      }}
    >
      <h2 id={title}>{trans.__('Add a source')}</h2>
      <div className="jp-LakesideTables-addFields">
        <KindField model={model} state={state} />
        {kind && <Settings model={model} state={state} kind={kind} />}
        <div ref={found} className="jp-LakesideTables-found">
          <div role="status">
            {busy === 'testing' && <p>{trans.__('Testing the connection…')}</p>}
            {busy === 'adding' && <p>{trans.__('Adding it…')}</p>}
            {test && <Findings test={test} />}
          </div>
          <Refusal problem={problem} others={others} />
        </div>
      </div>
      <div className="jp-LakesideTables-addButtons">
        <Button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          aria-disabled={busy === 'adding' || undefined}
          onClick={() => (busy === 'testing' ? model.stop() : void model.test())}
        >
          {busy === 'testing' ? trans.__('Stop') : trans.__('Test')}
        </Button>
        <span />
        <Button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          aria-disabled={busy === 'adding' || undefined}
          onClick={() => busy !== 'adding' && onLeave()}
        >
          {trans.__('Cancel')}
        </Button>
        <Button type="submit" className="jp-mod-styled jp-mod-accept" aria-disabled={busy === 'adding' || undefined}>
          {trans.__('Add')}
        </Button>
      </div>
    </form>
  );
}

function KindField({ model, state }: { model: AddModel; state: IAddState }): ReactNode {
  const trans = useTrans();
  return (
    <Field label={trans.__('What it is')} error={state.faults['kind']}>
      {ids => (
        <HTMLSelect
          {...ids}
          aria-required
          value={state.kind?.id ?? ''}
          onChange={event => model.choose(event.currentTarget.value)}
        >
          <option value="" disabled>
            {trans.__('Choose…')}
          </option>
          {model.kinds.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </HTMLSelect>
      )}
    </Field>
  );
}

function Settings({ model, state, kind }: { model: AddModel; state: IAddState; kind: IKind }): ReactNode {
  const trans = useTrans();
  // Said once, where it is asked for first.
  const why = fieldsOf(kind).find(({ input }) => input === 'secret')?.path;
  const fields = (group: IGroup) =>
    group.fields.map(field => (
      <Setting
        key={field.path}
        {...{ model, state, field }}
        saysOptional={group.title === undefined}
        hint={
          field.path === why
            ? trans.__(
                'Say where it is, never what it is: then it stands in no file of Lakeside, no notebook and no log. A variable is one that Jupyter was started with.'
              )
            : field.hint
        }
      />
    ));
  return (
    <>
      <Field
        label={trans.__('Name')}
        error={state.faults['name']}
        hint={trans.__('What %1 and %2 call it.', '%%sql --source', 'get_connection')}
      >
        {ids => (
          <input
            {...ids}
            {...PLAIN}
            aria-required
            placeholder="sales"
            value={state.name}
            onChange={event => model.rename(event.target.value)}
          />
        )}
      </Field>
      {kind.groups.map((group, n) =>
        group.title === undefined ? (
          fields(group)
        ) : (
          <Fold
            key={`${kind.id}-${n}`}
            title={group.title}
            isOpen={group.fields.some(({ path }) => state.faults[path])}
          >
            {fields(group)}
          </Fold>
        )
      )}
    </>
  );
}

/** Settings that most leave as they are. What is wrong in them opens it. */
function Fold(props: { title: string; isOpen: boolean; children: ReactNode }): ReactNode {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (props.isOpen && details.current) details.current.open = true;
  }, [props.isOpen]);
  return (
    <details ref={details}>
      <summary>{props.title}</summary>
      <div>{props.children}</div>
    </details>
  );
}

/** Why it was refused, where no field is at fault. */
function Refusal({ problem, others }: { problem: ProblemError | undefined; others: readonly string[] }): ReactNode {
  const said = problem ? [problem.message] : others;
  if (said.length === 0) return null;
  return (
    <div className="jp-Lakeside-notice jp-mod-warn" role="alert">
      {said.map(words => (
        <p key={words}>{words}</p>
      ))}
    </div>
  );
}
