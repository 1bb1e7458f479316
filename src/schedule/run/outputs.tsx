import { Widget } from '@lumino/widgets';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import type { ProblemError } from '../../../contract/problem.js';
import { asProblem } from '../../api/problems.js';
import { useTrans } from '../../ui/trans.js';
import type { IOutput } from './course.js';
import type { IOutputHost } from './outputArea.js';
import type { RunModel } from './runModel.js';

/** The outputs of a cell, as they come. What is far out of sight is not drawn. */
export function Outputs(props: {
  model: RunModel;
  index: number;
  host: IOutputHost;
  /** The file has more than was told, and the run has ended. */
  isStored: boolean;
}): ReactNode {
  const { model, index, host, isStored } = props;
  const trans = useTrans();
  const place = useRef<HTMLDivElement>(null);
  const isNear = useNear(place);
  const [stored, setStored] = useState<readonly IOutput[]>();
  const [problem, setProblem] = useState<ProblemError>();

  useEffect(() => {
    if (!isNear || !isStored) return;
    let isGone = false;
    model.storedOutputs(index).then(
      outputs => !isGone && setStored(outputs),
      (error: unknown) => !isGone && setProblem(asProblem(error))
    );
    return () => {
      isGone = true;
    };
  }, [model, index, isNear, isStored]);

  useLayoutEffect(() => {
    const { current } = place;
    if (!isNear || current === null) return;
    const area = stored === undefined ? host.create(model, index) : host.createOf(stored);
    Widget.attach(area, current);
    return () => area.dispose();
  }, [model, index, host, isNear, stored]);

  return (
    <>
      <div ref={place} className="jp-LakesideRun-outputs" />
      {problem && (
        <p className="jp-Lakeside-error" role="alert">
          {trans.__('The large outputs of this cell cannot be shown. %1', problem.message)}
        </p>
      )}
    </>
  );
}

/** Whether something came close to what is seen. It stays so: what was drawn stays. */
function useNear(place: RefObject<HTMLElement>): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const { current } = place;
    if (isNear || current === null) return;
    const observer = new IntersectionObserver(
      entries => {
        if (entries.some(entry => entry.isIntersecting)) setNear(true);
      },
      { rootMargin: '600px 0px' }
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [place, isNear]);
  return isNear;
}
