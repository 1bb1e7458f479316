/** Which cell of a notebook became which cell of another one. */

/** A cell as far as alignment looks at it. */
export interface Side {
  /** Hash of kind and source. */
  hash: string;
  id: string | undefined;
  type: string;
  source: string;
}

/** One step of the comparison in reading order. Both positions: the same cell, perhaps changed; one: removed or added. */
export interface Pair {
  before?: number;
  after?: number;
  /** True where the cell changed its place among the others. */
  moved: boolean;
}

/** Two cells count as the same one, rewritten, from this share of common words on. */
const ALIKE = 0.4;
/** In longer stretches without a common cell, each cell is compared with its neighbours only. */
const WINDOW = 12;

/**
 * Aligns two lists of cells: first cells with the same source, then cells with the same id, then cells that read alike
 * between those. Takes time proportional to the number of cells.
 */
export function align(before: readonly Side[], after: readonly Side[]): Pair[] {
  const same = sameSource(before, after);
  const steady = longestRising(same);
  const partner = new Map<number, number>(same.map(([older, newer]) => [newer, older]));
  const order = new Set(steady.map(([, newer]) => newer));
  pairById(before, after, partner);
  for (const gap of gaps(steady, before.length, after.length)) pairAlike(before, after, gap, partner, order);
  return inOrder(before.length, after.length, partner, risingOf(partner, order));
}

type Match = [before: number, after: number];

/** The n-th cell with a source goes with the n-th one that has it on the other side. */
function sameSource(before: readonly Side[], after: readonly Side[]): Match[] {
  const places = new Map<string, number[]>();
  before.forEach((cell, at) => {
    const list = places.get(cell.hash);
    if (list) list.push(at);
    else places.set(cell.hash, [at]);
  });
  for (const list of places.values()) list.reverse();
  return after.flatMap((cell, at): Match[] => {
    const older = places.get(cell.hash)?.pop();
    return older === undefined ? [] : [[older, at]];
  });
}

/** The longest list of matches whose order is the same on both sides; the others have moved. */
function longestRising(matches: readonly Match[]): Match[] {
  const ends: number[] = [];
  const previous: number[] = [];
  matches.forEach(([older], at) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((matches[ends[middle] as number] as Match)[0] < older) low = middle + 1;
      else high = middle;
    }
    previous[at] = low > 0 ? (ends[low - 1] as number) : -1;
    ends[low] = at;
  });
  const chain: Match[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at] as number) chain.push(matches[at] as Match);
  return chain.reverse();
}

/** Cells whose source changed keep their id, where ids are unique. */
function pairById(before: readonly Side[], after: readonly Side[], partner: Map<number, number>): void {
  const taken = new Set(partner.values());
  const ids = new Map<string, number>();
  before.forEach((cell, at) => {
    if (cell.id !== undefined && !taken.has(at)) ids.set(cell.id, ids.has(cell.id) ? -1 : at);
  });
  after.forEach((cell, at) => {
    const older = cell.id === undefined || partner.has(at) ? undefined : ids.get(cell.id);
    if (older === undefined || older < 0 || before[older]?.type !== cell.type) return;
    partner.set(at, older);
    ids.set(cell.id as string, -1);
  });
}

interface Gap {
  before: [number, number];
  after: [number, number];
}

/** The stretches between cells that stayed. */
function gaps(steady: readonly Match[], before: number, after: number): Gap[] {
  const found: Gap[] = [];
  let last: Match = [-1, -1];
  for (const match of [...steady, [before, after] as Match]) {
    found.push({ before: [last[0] + 1, match[0]], after: [last[1] + 1, match[1]] });
    last = match;
  }
  return found;
}

/** Pairs the cells of a stretch that read alike, keeping their order. */
function pairAlike(
  before: readonly Side[],
  after: readonly Side[],
  gap: Gap,
  partner: Map<number, number>,
  order: Set<number>
): void {
  const taken = new Set(partner.values());
  const older = range(gap.before).filter(at => !taken.has(at));
  const newer = range(gap.after).filter(at => !partner.has(at));
  let from = 0;
  for (const at of newer) {
    let best = -1;
    let most = ALIKE;
    for (let place = from; place < Math.min(older.length, from + WINDOW); place++) {
      const alike = similarity(before[older[place] as number] as Side, after[at] as Side);
      if (alike <= most) continue;
      most = alike;
      best = place;
    }
    if (best < 0) continue;
    partner.set(at, older[best] as number);
    order.add(at);
    from = best + 1;
  }
}

/** How many words two cells have in common, from 0 to 1. */
function similarity(one: Side, other: Side): number {
  if (one.type !== other.type) return 0;
  const words = bag(one.source);
  let size = 0;
  let common = 0;
  for (const [word, count] of bag(other.source)) {
    size += count;
    common += Math.min(count, words.get(word) ?? 0);
  }
  for (const count of words.values()) size += count;
  return size === 0 ? 1 : (2 * common) / size;
}

function bag(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of text.slice(0, 5000).match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [])
    counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Pairs found by id keep their place too where they fit between the cells that stayed. */
function risingOf(partner: Map<number, number>, order: Set<number>): Set<number> {
  const matches = [...partner].sort(([a], [b]) => a - b).map(([newer, older]): Match => [older, newer]);
  const rising = longestRising(matches).map(([, newer]) => newer);
  return rising.length >= order.size ? new Set(rising) : order;
}

function inOrder(before: number, after: number, partner: Map<number, number>, steady: Set<number>): Pair[] {
  const kept = new Set(partner.values());
  const pairs: Pair[] = [];
  let next = 0;
  const removedUpTo = (end: number): void => {
    for (; next < end; next++) if (!kept.has(next)) pairs.push({ before: next, moved: false });
  };
  for (let at = 0; at < after; at++) {
    const older = partner.get(at);
    if (older !== undefined && steady.has(at)) removedUpTo(older);
    pairs.push(
      older === undefined ? { after: at, moved: false } : { before: older, after: at, moved: !steady.has(at) }
    );
  }
  removedUpTo(before);
  return pairs;
}

function range([start, end]: [number, number]): number[] {
  return Array.from({ length: Math.max(end - start, 0) }, (_, step) => start + step);
}
