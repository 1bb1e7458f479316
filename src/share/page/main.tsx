import { createRoot } from 'react-dom/client';
import { createPageClient } from '../../api/page.js';
import { requestWithCookie } from '../../api/http.js';
import lakeside from '../../icons/lakeside.svg';
import { LibraryEcho } from '../library/echo.js';
import '../../../style/library.css';
import { App } from './app.js';
import { createPageFiles } from './contents.js';
import { findHost, followTheme } from './host.js';
import './style/index.css';
import { createSession } from './session.js';

const base = document.querySelector<HTMLMetaElement>('meta[name="lakeside-base"]')?.content ?? '';
const root = document.getElementById('library');

const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
if (icon) icon.href = `data:image/svg+xml,${encodeURIComponent(lakeside.replace('#616161', '#1976d2'))}`;
followTheme();
if (root) {
  const session = createSession({
    base,
    client: createPageClient(base),
    files: createPageFiles(base.replace(/\/lakeside$/, ''), requestWithCookie),
    host: findHost(),
    echo: new LibraryEcho(`${base}/`)
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) session.lists.refresh(30_000);
  });
  createRoot(root).render(<App session={session} />);
}
