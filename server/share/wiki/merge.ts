/** One change of a run of lines: those of the base from `start` to `end` became `lines`. */
interface Change {
  start: number;
  end: number;
  lines: string[];
}

/** Texts of more differing lines are not compared: they count as changed as a whole. */
const MAX_LINES = 4000;

/**
 * Joins two texts that were both made from a third, line by line.
 *
 * @returns undefined where both changed the same place, each in another way
 */
export function merge(base: string, theirs: string, ours: string): string | undefined {
  const lines = base.split('\n');
  const left = changes(lines, theirs.split('\n'));
  const right = changes(lines, ours.split('\n'));
  const merged: string[] = [];
  let at = 0;
  while (left.length > 0 || right.length > 0) {
    const [a, b] = [left[0], right[0]];
    if (a && b && touch(a, b)) {
      if (a.start !== b.start || a.end !== b.end || a.lines.join('\n') !== b.lines.join('\n')) return undefined;
      right.shift();
    }
    const next = !b || (a && a.start <= b.start) ? left.shift() : right.shift();
    if (!next) break;
    merged.push(...lines.slice(at, next.start), ...next.lines);
    at = next.end;
  }
  return [...merged, ...lines.slice(at)].join('\n');
}

/** Two changes that meet: even those that only touch would have no order of their own. */
function touch(a: Change, b: Change): boolean {
  return a.start <= b.end && b.start <= a.end;
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
