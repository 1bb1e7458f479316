/** Things by name, made when they are first wanted. */
export interface Kept<T> {
  /** @throws whatever making it throws; it is tried again the next time: a secret may have been mended */
  open(name: string): Promise<T>;
  close(): Promise<void>;
}

/**
 * Keeps what was made, and makes it anew once its stamp is another: then it holds a secret that is no more. Work that
 * is under way with the old one goes on with it, so it is closed with all else.
 */
export function createKept<T extends { close(): Promise<unknown> }>(options: {
  make: (name: string) => Promise<T>;
  stamp: (name: string) => Promise<string>;
}): Kept<T> {
  const kept = new Map<string, { stamp: string; made: Promise<T> }>();
  const old: Promise<T>[] = [];
  return {
    async open(name) {
      const stamp = await options.stamp(name);
      const known = kept.get(name);
      if (known?.stamp === stamp) return known.made;
      if (known !== undefined) old.push(known.made);
      const next = { stamp, made: options.make(name) };
      kept.set(name, next);
      next.made.catch(() => {
        if (kept.get(name) === next) kept.delete(name);
      });
      return next.made;
    },
    async close() {
      const all = [...old, ...[...kept.values()].map(({ made }) => made)];
      await Promise.allSettled(all.map(async made => (await made).close()));
    }
  };
}
