import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { ProblemError } from '../../../contract/problem.js';
import { asProblem } from '../../api/problems.js';
import { useTrans } from '../../ui/trans.js';

/** A part that is unfolded by its name, and read then; again whenever `fresh` changes. */
export function Folded<T>(props: {
  name: string;
  label: string;
  startsOpen?: boolean;
  fresh: string;
  load: () => Promise<T>;
  children: (value: T) => ReactNode;
}): ReactNode {
  const { name, label, startsOpen = false, fresh, load, children } = props;
  const trans = useTrans();
  const [isOpen, setOpen] = useState(startsOpen);
  const [value, setValue] = useState<T>();
  const [error, setError] = useState<ProblemError>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => setOpen(startsOpen), [startsOpen]);
  useEffect(() => {
    if (!isOpen) return;
    let isWanted = true;
    load().then(
      next => {
        if (!isWanted) return;
        setValue(next);
        setError(undefined);
      },
      (failure: unknown) => isWanted && setError(asProblem(failure))
    );
    return () => {
      isWanted = false;
    };
    // What `load` asks for is told by `fresh`; it is made anew with each picture.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isOpen, fresh, attempt]);
  return (
    <section className="jp-LakesideCredentials-folded">
      <button type="button" aria-expanded={isOpen} aria-label={label} onClick={() => setOpen(!isOpen)}>
        <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> {name}
      </button>
      {isOpen && error !== undefined && (
        <div className="jp-Lakeside-notice jp-mod-warn" role="alert">
          <p>{error.message}</p>
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-reject"
            onClick={() => setAttempt(attempt + 1)}
          >
            {trans.__('Retry')}
          </button>
        </div>
      )}
      {isOpen && error === undefined && value === undefined && (
        <p className="jp-LakesideCredentials-quiet" role="status">
          {trans.__('Loading…')}
        </p>
      )}
      {isOpen && error === undefined && value !== undefined && children(value)}
    </section>
  );
}
