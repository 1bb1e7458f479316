import { useState } from 'react';
import type { ReactNode } from 'react';
import { useLibrary } from '../library/views/context.js';
import { Bar } from '../library/views/states.js';

/** A foreign document: no scripts, an origin of its own, links open beside it. */
export function Frame(props: { title: string; src: string }): ReactNode {
  const [loaded, setLoaded] = useState('');
  return (
    <div className="lk-Frame">
      {loaded !== props.src && <FrameSkeleton />}
      <iframe
        key={props.src}
        title={props.title}
        src={props.src}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        onLoad={() => setLoaded(props.src)}
      />
    </div>
  );
}

/** The shape of a document that is on its way. */
export function FrameSkeleton(): ReactNode {
  const { trans } = useLibrary();
  return (
    <div className="lk-FrameSkeleton" role="status">
      <span className="lk-hidden">{trans.__('The document is being prepared…')}</span>
      <Bar width="45%" />
      <Bar width="90%" />
      <Bar width="82%" />
      <Bar width="60%" />
      <Bar width="100%" />
      <Bar width="74%" />
    </div>
  );
}
