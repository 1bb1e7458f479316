import { useCallback, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { ProblemError } from '../../../contract/problem.js';
import { asProblem } from '../../api/problems.js';
import { Failed, Skeleton } from '../../ui/states.js';
import { useTrans } from '../../ui/trans.js';
import type { RunModel } from './runModel.js';

/**
 * The output of a run as the page it would be in the Library.
 *
 * #### Notes
 * The document comes sanitised, carries its own policy, and is shown in a frame without rights: no scripts, no forms, no
 * origin. Links open beside it.
 */
export function PageFrame(props: {
  model: RunModel;
  /** Another one loads the page anew: the attempt and whether it ended. */
  version: string;
}): ReactNode {
  const { model, version } = props;
  const trans = useTrans();
  const [html, setHtml] = useState<string>();
  const [problem, setProblem] = useState<ProblemError>();
  const load = useCallback(async () => {
    setProblem(undefined);
    setHtml(undefined);
    try {
      setHtml(await model.page());
    } catch (error) {
      setProblem(asProblem(error));
    }
  }, [model]);
  useEffect(() => void load(), [load, version]);
  if (problem) {
    return <Failed title={trans.__('The page cannot be shown')} error={problem} onRetry={() => void load()} />;
  }
  if (html === undefined) return <Skeleton lines={6} label={trans.__('The page is being prepared')} />;
  return (
    <iframe
      className="jp-LakesideRun-page"
      title={trans.__('The output as a page')}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      srcDoc={html}
    />
  );
}
