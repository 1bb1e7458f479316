import { useEffect } from 'react';
import type { ISession } from './session.js';

/** Names the tab after what the page shows; in JupyterLab its tab, too. */
export function usePageTitle(session: ISession, title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Lakeside Library' : `${title} · Lakeside Library`;
    if (title !== '') session.host?.title(title);
  }, [session, title]);
}
