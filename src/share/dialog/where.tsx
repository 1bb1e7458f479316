import { Button } from '@jupyterlab/ui-components';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from '../dialogModel.js';
import type { IOfferedTarget } from '../targetsModel.js';
import { mustChoose, policyWords } from '../policy.js';
import { webAddress } from '../webAddress.js';
import { kindWord } from '../words.js';
import { PlaceFields } from './place.js';

/** Where the page goes. With one place there is nothing to choose. */
export function Where(props: { model: DialogModel }): ReactNode {
  const trans = useTrans();
  const { model } = props;
  const { targets, problem } = useModelState(model.targets);
  const { errors } = useModelState(model);
  const id = useId();
  const only = targets.length === 1 ? targets[0] : undefined;
  if (targets.length < 2) {
    return (
      <div className="jp-Lakeside-field">
        <span className="jp-Lakeside-label">{trans.__('Where')}</span>
        <div className="jp-Lakeside-fieldBody jp-LakesideShare-where">
          <span>{only?.label ?? trans.__('Library')}</span>
          {only?.description && <span className="jp-Lakeside-hint">{only.description}</span>}
          {problem && (
            <p className="jp-Lakeside-error" role="alert">
              {problem.message}{' '}
              <Button type="button" className="jp-mod-styled" onClick={() => void model.targets.load()}>
                {trans.__('Retry')}
              </Button>
            </p>
          )}
        </div>
      </div>
    );
  }
  return (
    <fieldset
      className="jp-Lakeside-field"
      aria-invalid={errors.target === undefined ? undefined : true}
      aria-describedby={errors.target === undefined ? undefined : `${id}-error`}
    >
      <legend>{trans.__('Where')}</legend>
      <div className="jp-Lakeside-fieldBody">
        {targets.map(target => (
          <TargetOption key={target.id} target={target} name={id} model={model} />
        ))}
        {errors.target !== undefined && (
          <div id={`${id}-error`} className="jp-Lakeside-error" role="alert">
            {trans.__('Choose a place that can be reached.')}
          </div>
        )}
      </div>
    </fieldset>
  );
}

/** One place: what it is, how it stands, and where in it the page goes. */
function TargetOption(props: { target: IOfferedTarget; name: string; model: DialogModel }): ReactNode {
  const trans = useTrans();
  const { target, model } = props;
  const state = useModelState(model);
  const id = useId();
  const isChosen = state.target === target.id;
  const kind = kindWord(target.kind);
  const policy = policyWords(target, trans);
  const spaces = target.policy?.spaces?.join('\n');
  return (
    <div className="jp-LakesideShare-target">
      <label className="jp-Lakeside-option">
        <input
          type="radio"
          name={props.name}
          value={target.id}
          checked={isChosen}
          disabled={target.phase === 'failed' && !isChosen}
          aria-describedby={target.phase === 'ready' ? policy && `${id}-policy` : `${id}-standing`}
          onChange={() => model.choose({ target: target.id })}
        />
        <span>
          {target.label}
          {kind !== '' && <span className="jp-LakesideShare-kind">{kind}</span>}
          <span className="jp-Lakeside-hint">{target.description}</span>
        </span>
      </label>
      <div className="jp-LakesideShare-targetMore">
        {policy !== '' && target.phase === 'ready' && (
          <span id={`${id}-policy`} className="jp-Lakeside-hint jp-LakesideShare-policy" title={spaces}>
            {policy}
          </span>
        )}
        <div id={`${id}-standing`} role="status">
          <Standing target={target} />
        </div>
        {target.phase === 'failed' && (
          <Button
            type="button"
            className="jp-mod-styled jp-LakesideShare-small"
            aria-label={trans.__('Try %1 again', target.label)}
            onClick={() => void model.targets.ask(target.id)}
          >
            {trans.__('Try again')}
          </Button>
        )}
        {isChosen && target.phase !== 'failed' && <Place target={target} model={model} />}
      </div>
    </div>
  );
}

/** How a place stands: nothing where all is well. */
function Standing({ target }: { target: IOfferedTarget }): ReactNode {
  const trans = useTrans();
  const { phase, problem, standing } = target;
  if (phase === 'asking') return <span className="jp-Lakeside-hint">{trans.__('Asking whether it can be used')}…</span>;
  if (phase === 'failed') {
    return (
      <span className="jp-LakesideShare-reason">
        <span className="jp-LakesideShare-sign jp-mod-failed" aria-hidden="true">
          ✕
        </span>
        <span>{problem?.message}</span>
      </span>
    );
  }
  return standing?.lacks.map(sentence => (
    <span key={sentence} className="jp-LakesideShare-reason">
      <span className="jp-LakesideShare-warn" aria-hidden="true">
        ▲
      </span>
      <span>{sentence}</span>
    </span>
  ));
}

/** The page that will be updated, or where a new one goes. */
function Place(props: { target: IOfferedTarget; model: DialogModel }): ReactNode {
  const trans = useTrans();
  const { target, model } = props;
  const { place, errors } = useModelState(model);
  useModelState(model.share);
  const page = model.wikiPage;
  if (page) {
    const url = webAddress(page.url);
    return (
      <span className="jp-Lakeside-hint">
        {trans.__('Updates the page')}{' '}
        {url === undefined ? (
          page.title
        ) : (
          <a className="jp-LakesideShare-link" href={url} target="_blank" rel="noopener">
            {page.title}
          </a>
        )}
      </span>
    );
  }
  if (!place || !target.standing) return null;
  const required = mustChoose(target, {});
  return (
    <PlaceFields
      model={place}
      standing={target.standing}
      required={required}
      error={errors.place}
      onChange={() => model.choose({})}
    />
  );
}
