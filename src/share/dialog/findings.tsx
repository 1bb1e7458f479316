import { Button } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { useId } from 'react';
import type { ReactNode } from 'react';
import type { Finding } from '../../../contract/share/findings.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { FindingAction, FindingsModel, IFoundSecret } from '../findingsModel.js';

/** What the list of findings needs. */
export interface IFindingsProps {
  model: FindingsModel;
  onJump?: (finding: Finding) => void;
  /** The name of the place that takes no notebook with a secret, where such a one is chosen. */
  refusedBy?: string | undefined;
  /** Whether somebody tried to share there all the same. */
  isStopped?: boolean;
}

/** What looks like a secret, and what becomes of it. Shows nothing where there is nothing. */
export function Findings(props: IFindingsProps): ReactNode {
  const trans = useTrans();
  const { model, refusedBy } = props;
  const { secrets, problem, total } = useModelState(model);
  const id = useId();
  if (secrets.length === 0 && problem === undefined) return null;
  const shown = secrets.reduce((sum, secret) => sum + secret.findings.length, 0);
  return (
    <section className="jp-Lakeside-notice jp-mod-warn jp-LakesideShare-findings" aria-labelledby={id}>
      <p id={id} role="status">
        <span className="jp-LakesideShare-warn" aria-hidden="true">
          ▲
        </span>{' '}
        {problem && secrets.length === 0
          ? trans.__('It could not be looked for secrets: %1', problem.message)
          : headline(secrets, trans, refusedBy)}
      </p>
      {props.isStopped && refusedBy !== undefined && model.stand && (
        <p className="jp-Lakeside-error" role="alert">
          {trans.__('Take it out of the notebook, or say why it is no secret.')}
        </p>
      )}
      {problem && (
        <Button type="button" className="jp-mod-styled" onClick={() => void model.load()}>
          {trans.__('Retry')}
        </Button>
      )}
      <ul>
        {secrets.map(secret => (
          <Secret key={secret.fingerprint} secret={secret} {...props} />
        ))}
      </ul>
      {total > shown && <p>{trans.__('And %1 more places. They are redacted.', total - shown)}</p>}
    </section>
  );
}

function Secret(props: IFindingsProps & { secret: IFoundSecret }): ReactNode {
  const trans = useTrans();
  const { secret, model, onJump, refusedBy } = props;
  const { mayPublish, errors } = useModelState(model);
  const id = useId();
  const [first, ...others] = secret.findings;
  if (first === undefined) return null;
  const error = errors[secret.fingerprint];
  const place = placeOf(first, trans);
  return (
    <li className="jp-LakesideShare-finding">
      <div id={`${id}-what`} className="jp-LakesideShare-findingWhat">
        <span>{first.label}</span> <code>{first.preview}</code>
      </div>
      <div className="jp-LakesideShare-findingWhere">
        {onJump && first.cell ? (
          <button type="button" className="jp-LakesideShare-jump" onClick={() => onJump(first)}>
            {trans.__('Go to %1', place)}
          </button>
        ) : (
          <span>{place}</span>
        )}
        {others.length > 0 && (
          <span className="jp-Lakeside-hint" title={others.map(other => placeOf(other, trans)).join('\n')}>
            {trans._n('and %1 more place', 'and %1 more places', others.length)}
          </span>
        )}
      </div>
      <select
        className="jp-LakesideShare-action"
        aria-label={trans.__('What becomes of it')}
        aria-describedby={`${id}-what`}
        value={secret.action}
        onChange={event => model.decide(secret.fingerprint, { action: event.target.value as FindingAction })}
      >
        <option value="redact">{refusedBy === undefined ? trans.__('Redact') : trans.__('A secret')}</option>
        <option value="not-a-secret">{trans.__('Not a secret')}</option>
        {(mayPublish && refusedBy === undefined) || secret.action === 'publish' ? (
          <option value="publish">{trans.__('Publish as it is')}</option>
        ) : null}
      </select>
      {secret.action !== 'redact' && (
        <div className="jp-LakesideShare-findingReason">
          <input
            type="text"
            className="jp-mod-styled"
            autoComplete="off"
            aria-label={trans.__('Reason')}
            placeholder={trans.__('Reason')}
            aria-invalid={error === undefined ? undefined : true}
            aria-describedby={error === undefined ? `${id}-what` : `${id}-error`}
            value={secret.reason}
            onChange={event => model.decide(secret.fingerprint, { reason: event.target.value })}
          />
          {error !== undefined && (
            <div id={`${id}-error`} className="jp-Lakeside-error" role="alert">
              {error}
            </div>
          )}
        </div>
      )}
    </li>
  );
}

/** "2 possible secrets: redacted in the page". */
function headline(secrets: readonly IFoundSecret[], trans: TranslationBundle, refusedBy: string | undefined): string {
  const found = trans._n('%1 possible secret', '%1 possible secrets', secrets.length);
  const isLeft = secrets.some(({ action }) => action !== 'not-a-secret');
  if (isLeft && refusedBy !== undefined) return trans.__('%1. %2 takes no notebook that holds one.', found, refusedBy);
  const published = secrets.filter(secret => secret.action === 'publish').length;
  if (published > 0) return trans.__('%1, %2 of them published', found, published);
  const redacted = secrets.filter(secret => secret.action === 'redact').length;
  if (redacted === 0) return found;
  return redacted === secrets.length
    ? trans.__('%1, redacted in the page. Your notebook stays as it is.', found)
    : trans.__('%1, %2 of them redacted in the page', found, redacted);
}

/** "cell 14, output, line 3". */
function placeOf({ cell, part, line }: Finding, trans: TranslationBundle): string {
  const parts: Record<Finding['part'], string> = {
    source: trans.__('line %1', line),
    output: trans.__('output'),
    traceback: trans.__('error message'),
    metadata: trans.__('metadata'),
    attachment: trans.__('attachment')
  };
  if (cell === undefined) return trans.__("the notebook's metadata");
  return `${trans.__('cell %1', cell.index + 1)}, ${parts[part]}`;
}
