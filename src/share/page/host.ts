import type { IForkSource } from '../library/actions.js';
import { FORK_EVENT, THEME_ATTRIBUTE, TITLE_EVENT } from '../library/hostEvents.js';
import type { IForkRequest } from '../library/hostEvents.js';

/**
 * JupyterLab around the page, when the page is shown in one of its tabs. Page and JupyterLab have one origin: they talk
 * through events on the frame, which nobody else can send.
 */
export interface IHost {
  /** Copies a version into the folder that the file browser shows, opens it, and says where it is. */
  fork(source: IForkSource): Promise<string>;
  /** Says what the page shows. */
  title(text: string): void;
}

/** The frame of JupyterLab that shows this page, or undefined on a page of its own. */
export function findHost(): IHost | undefined {
  const frame = ownFrame();
  if (frame?.hasAttribute(THEME_ATTRIBUTE) !== true) return undefined;
  return {
    fork(source) {
      const answers: Promise<string>[] = [];
      const take = (path: Promise<string>) => void answers.push(path);
      frame.dispatchEvent(new CustomEvent<IForkRequest>(FORK_EVENT, { detail: { source, take } }));
      return answers[0] ?? Promise.reject(new Error('The tab around this page is closing.'));
    },
    title: text => frame.dispatchEvent(new CustomEvent(TITLE_EVENT, { detail: text }))
  };
}

/** Follows the theme of JupyterLab around the page; on a page of its own the reader's preference rules. */
export function followTheme(): void {
  const frame = ownFrame();
  if (frame === undefined) return;
  const apply = () => {
    const theme = frame.getAttribute(THEME_ATTRIBUTE);
    if (theme === null) delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  };
  apply();
  new MutationObserver(apply).observe(frame, { attributeFilter: [THEME_ATTRIBUTE] });
}

function ownFrame(): Element | undefined {
  try {
    return window.frameElement ?? undefined;
  } catch {
    return undefined;
  }
}
