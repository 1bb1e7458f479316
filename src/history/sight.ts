/** So far beyond the edge of what is seen rows are filled, so that scrolling shows no empty ones. */
const MARGIN = '800px 0px';

/** Tells many rows of a list that scrolls whether they are in sight, or close to it. */
export class Sight {
  /** @param list - a selector of what scrolls around the rows */
  constructor(private readonly _list: string) {}

  /**
   * Watches a row.
   *
   * @returns what ends it
   */
  watch(row: Element, told: (isNear: boolean) => void): () => void {
    const observer = (this._observer ??= new IntersectionObserver(this._onSight, {
      root: row.closest(this._list),
      rootMargin: MARGIN
    }));
    this._told.set(row, told);
    observer.observe(row);
    return () => {
      this._told.delete(row);
      observer.unobserve(row);
    };
  }

  private readonly _onSight = (entries: readonly IntersectionObserverEntry[]): void => {
    for (const { target, isIntersecting } of entries) this._told.get(target)?.(isIntersecting);
  };

  private readonly _told = new Map<Element, (isNear: boolean) => void>();
  private _observer: IntersectionObserver | undefined;
}
