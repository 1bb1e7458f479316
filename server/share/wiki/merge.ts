/** One change of a run of lines: those of the base from `start` to `end` became `lines`. */
interface Change {
  start: number;
  end: number;
  lines: string[];
}

/** Texts of more differing lines are not compared: they count as changed as a whole. */
const MAX_LINES = 4000;

/**
 * A run of lines in three texts. `same` in all three; `theirs` and `ours` changed on one side alone; `both` in the same
 * way; `clash` on both sides, each in another way.
 */
export interface Strand {
  kind: 'same' | 'theirs' | 'ours' | 'both' | 'clash';
  base: string[];
  theirs: string[];
  ours: string[];
}

/**
 * Joins two texts that were both made from a third, line by line.
 *
 * @returns undefined where both changed the same place, each in another way
 */
export function merge(base: string, theirs: string, ours: string): string | undefined {
  const strands = weave(base, theirs, ours);
  if (strands.some(({ kind }) => kind === 'clash')) return undefined;
  return strands.flatMap(strand => (strand.kind === 'theirs' ? strand.theirs : strand.ours)).join('\n');
}

/** Two texts beside the third that both were made from, in runs of lines: who changed what. */
export function weave(base: string, theirs: string, ours: string): Strand[] {
  const lines = base.split('\n');
  const left = changes(lines, theirs.split('\n'));
  const right = changes(lines, ours.split('\n'));
  const strands: Strand[] = [];
  let at = 0;
  const same = (end: number): void => {
    const held = lines.slice(at, end);
    if (held.length > 0) strands.push({ kind: 'same', base: held, theirs: held, ours: held });
  };
  while (left.length > 0 || right.length > 0) {
    const { start, end, mine, yours } = nextPlace(left, right);
    same(start);
    const held = lines.slice(start, end);
    const strand = { base: held, theirs: after(held, start, mine), ours: after(held, start, yours) };
    strands.push({ kind: kindOf(strand, mine, yours), ...strand });
    at = end;
  }
  same(lines.length);
  return strands;
}

/** Takes the changes that meet in one place off both lists. */
function nextPlace(left: Change[], right: Change[]): { start: number; end: number; mine: Change[]; yours: Change[] } {
  const start = Math.min(left[0]?.start ?? Infinity, right[0]?.start ?? Infinity);
  const mine: Change[] = [];
  const yours: Change[] = [];
  let end = start;
  // Even those that only touch would have no order of their own.
  const take = (from: Change[], into: Change[]): boolean => {
    const next = from[0];
    if (next === undefined || next.start > end) return false;
    into.push(next);
    from.shift();
    end = Math.max(end, next.end);
    return true;
  };
  while (take(left, mine) || take(right, yours));
  return { start, end, mine, yours };
}

/** Lines from `start` on, with changes made in them. */
function after(held: string[], start: number, made: Change[]): string[] {
  const lines: string[] = [];
  let at = 0;
  for (const change of made) {
    lines.push(...held.slice(at, change.start - start), ...change.lines);
    at = change.end - start;
  }
  return [...lines, ...held.slice(at)];
}

function kindOf({ theirs, ours }: Omit<Strand, 'kind'>, mine: Change[], yours: Change[]): Strand['kind'] {
  if (yours.length === 0) return 'theirs';
  if (mine.length === 0) return 'ours';
  return theirs.length === ours.length && theirs.every((line, at) => line === ours[at]) ? 'both' : 'clash';
}

/** How one list of lines became another. */
function changes(before: string[], after: string[]): Change[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail))
    tail++;
  const [old, now] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  if (old.length === 0 && now.length === 0) return [];
  if (old.length > MAX_LINES || now.length > MAX_LINES) return [{ start: head, end: head + old.length, lines: now }];
  return walk(old, now).map(change => ({ ...change, start: change.start + head, end: change.end + head }));
}

/** The longest common subsequence as changes between its lines. */
function walk(old: string[], now: string[]): Change[] {
  const width = now.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      lengths[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const found: Change[] = [];
  let open: Change | undefined;
  for (let i = 0, j = 0; i < old.length || j < now.length;) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      open = undefined;
      i++;
      j++;
      continue;
    }
    if (!open) found.push((open = { start: i, end: i, lines: [] }));
    if (j < now.length && (i === old.length || at(i, j + 1) >= at(i + 1, j))) open.lines.push(now[j++] ?? '');
    else open.end = ++i;
  }
  return found;
}
