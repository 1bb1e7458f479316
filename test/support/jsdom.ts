// What jsdom lacks and @lumino, @jupyterlab and their web components touch when they are imported or attached.
class Observer {
  readonly root = null;
  readonly rootMargin = '';
  readonly thresholds = [];
  observe() {}
  unobserve() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
}

Object.assign(globalThis, {
  DragEvent: class DragEvent extends MouseEvent {},
  IntersectionObserver: Observer,
  ResizeObserver: Observer,
  IS_REACT_ACT_ENVIRONMENT: true
});

Object.assign(window, {
  matchMedia: (media: string) => ({
    media,
    matches: false,
    onchange: null,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
    removeListener() {},
    dispatchEvent: () => false
  }),
  requestIdleCallback: (callback: IdleRequestCallback) =>
    window.setTimeout(() => callback({ didTimeout: false, timeRemaining: () => 50 }), 0),
  cancelIdleCallback: (handle: number) => window.clearTimeout(handle)
});

// jsdom lays nothing out.
Element.prototype.scrollIntoView = () => undefined;
