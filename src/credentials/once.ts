/** As much of the browser's store as is used. */
export interface IKeptOnce {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const PREFIX = 'lakeside-credentials';

/**
 * Whether this is the first time that something is told, over all tabs of a browser.
 *
 * @param group - what it is about: only the last thing told of each is remembered, so that nothing heaps up
 */
export function isFirst(group: string, what: string, store: IKeptOnce): boolean {
  const key = `${PREFIX}:${group}`;
  try {
    if (store.getItem(key) === what) return false;
    store.setItem(key, what);
  } catch {
    // A browser that keeps nothing tells it in each tab.
  }
  return true;
}
