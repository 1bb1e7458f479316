import { Button } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { PreviewModel } from '../previewModel.js';

/**
 * The beginning of the page, scaled down.
 *
 * #### Notes
 * The document comes sanitised, carries its own policy, and is shown in a frame without any rights: no scripts, no
 * forms, no origin.
 */
export function Preview(props: { model: PreviewModel }): ReactNode {
  const trans = useTrans();
  const { html, loading, problem } = useModelState(props.model);
  return (
    <section className="jp-LakesideShare-preview" aria-label={trans.__('Preview')} aria-busy={loading}>
      {html === undefined && problem === undefined && <Skeleton />}
      {html !== undefined && (
        <iframe
          className="jp-LakesideShare-page"
          title={trans.__('Preview of the page')}
          sandbox=""
          srcDoc={html}
          tabIndex={-1}
        />
      )}
      {problem && !loading && (
        <div className="jp-LakesideShare-noPreview" role="status">
          <p>{problem.message}</p>
          <Button type="button" className="jp-mod-styled" onClick={() => props.model.retry()}>
            {trans.__('Retry')}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Where the page will be. */
function Skeleton(): ReactNode {
  return (
    <div className="jp-LakesideShare-skeleton" aria-hidden="true">
      {[60, 95, 90, 70, 100, 85, 40].map((width, index) => (
        <div key={index} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
