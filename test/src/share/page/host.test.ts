import { afterEach, describe, expect, test, vi } from 'vitest';
import { FORK_EVENT, THEME_ATTRIBUTE, TITLE_EVENT } from '../../../../src/share/library/hostEvents.js';
import type { IForkRequest } from '../../../../src/share/library/hostEvents.js';
import { findHost, followTheme } from '../../../../src/share/page/host.js';

const source = { notebookId: 'n', title: 'T' };

function inFrame(theme?: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  if (theme !== undefined) frame.setAttribute(THEME_ATTRIBUTE, theme);
  vi.spyOn(window, 'frameElement', 'get').mockReturnValue(frame);
  return frame;
}

afterEach(() => {
  vi.restoreAllMocks();
  delete document.documentElement.dataset['theme'];
});

describe('JupyterLab around a page', () => {
  test('is there only when its tab says so', () => {
    expect(findHost()).toBeUndefined();
    inFrame();
    expect(findHost()).toBeUndefined();
    inFrame('light');
    expect(findHost()).toBeDefined();
  });

  test('a foreign page around it is not asked for anything', () => {
    vi.spyOn(window, 'frameElement', 'get').mockImplementation(() => {
      throw new DOMException('Blocked', 'SecurityError');
    });
    expect(findHost()).toBeUndefined();
  });

  test('copies notebooks and hears titles', async () => {
    const frame = inFrame('dark');
    const titles: string[] = [];
    frame.addEventListener(TITLE_EVENT, event => void titles.push((event as CustomEvent<string>).detail));
    const host = findHost();
    await expect(host?.fork(source)).rejects.toThrow('closing');
    frame.addEventListener(FORK_EVENT, event => {
      const request = (event as CustomEvent<IForkRequest>).detail;
      request.take(Promise.resolve(`${request.source.title}.ipynb`));
    });
    expect(await host?.fork(source)).toBe('T.ipynb');
    host?.title('Delays');
    expect(titles).toEqual(['Delays']);
  });

  test('lends the page its theme', async () => {
    const frame = inFrame('dark');
    followTheme();
    expect(document.documentElement.dataset['theme']).toBe('dark');
    frame.setAttribute(THEME_ATTRIBUTE, 'light');
    await vi.waitFor(() => expect(document.documentElement.dataset['theme']).toBe('light'));
  });
});
