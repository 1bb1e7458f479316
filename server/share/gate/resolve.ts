import type { Hit } from './types.js';

/**
 * Makes hits that do not overlap, in the order of the text. A value in use comes before a rule, a narrow hit before the
 * wide one around it; otherwise the first rule names the place and all that was found is covered.
 */
export function resolveHits(hits: readonly Hit[]): Hit[] {
  const sorted = hits
    .map((hit, order) => ({ hit, order }))
    .sort((a, b) => a.hit.start - b.hit.start || a.order - b.order);
  const groups: { hits: { hit: Hit; order: number }[]; end: number }[] = [];
  for (const entry of sorted) {
    const group = groups.at(-1);
    if (group && entry.hit.start < group.end) {
      group.hits.push(entry);
      group.end = Math.max(group.end, entry.hit.end);
    } else groups.push({ hits: [entry], end: entry.hit.end });
  }
  return groups.flatMap(({ hits: entries }) => {
    const narrow = entries.filter(({ hit }) => hit.isWide !== true);
    if (narrow.length === entries.length || narrow.length === 0) return [merge(entries)];
    return resolveHits(narrow.sort((a, b) => a.order - b.order).map(({ hit }) => hit));
  });
}

function merge(entries: readonly { hit: Hit; order: number }[]): Hit {
  const ranked = [...entries].sort(
    (a, b) => Number(b.hit.severity === 'certain') - Number(a.hit.severity === 'certain') || a.order - b.order
  );
  const first = ranked[0] as { hit: Hit };
  const start = Math.min(...entries.map(({ hit }) => hit.start));
  const end = Math.max(...entries.map(({ hit }) => hit.end));
  return { ...first.hit, start, end };
}
