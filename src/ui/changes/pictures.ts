/** Kinds of pictures that a browser shows as an image, the best first. An image runs no script and loads nothing. */
const KINDS = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/svg+xml'];

/** The pictures before and after, in one place of a cell's outputs. */
export interface IPicturePair {
  readonly before?: string;
  readonly after?: string;
}

/**
 * The pictures of a cell's outputs in their order, as `data:` addresses.
 *
 * @param cell - from a file, so it may hold anything
 */
export function picturesOf(cell: unknown): string[] {
  const outputs = field(cell, 'outputs');
  if (!Array.isArray(outputs)) return [];
  return outputs.flatMap(output => pictureIn(field(output, 'data')) ?? []);
}

/** What of the pictures is not the same before and after, side by side. */
export function pairs(before: readonly string[], after: readonly string[]): IPicturePair[] {
  return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => ({
    ...(before[at] !== undefined && { before: before[at] }),
    ...(after[at] !== undefined && { after: after[at] })
  })).filter(pair => pair.before !== pair.after);
}

function pictureIn(data: unknown): string | undefined {
  for (const kind of KINDS) {
    const given = field(data, kind);
    const text = Array.isArray(given) ? given.join('') : given;
    if (typeof text !== 'string' || text === '') continue;
    if (kind === 'image/svg+xml') return `data:${kind},${encodeURIComponent(text.toWellFormed())}`;
    const base64 = text.replace(/\s/g, '');
    if (/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return `data:${kind};base64,${base64}`;
  }
  return undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
