import type { ReactNode } from 'react';

/** A little picture of the cells of a version: which changed, which are new. The words beside it say the same. */
export function Strip({ strip }: { strip: string }): ReactNode {
  return (
    <span className="jp-LakesideHistory-strip" aria-hidden="true">
      {Array.from(strip, (letter, n) => (
        <span key={n} className={letter === 'c' ? 'jp-mod-changed' : letter === 'a' ? 'jp-mod-added' : undefined} />
      ))}
    </span>
  );
}
