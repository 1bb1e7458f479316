import type { IRun, TreeRow } from './rows.js';

/** The rows of the tree from top to bottom. A hundred thousand tables of a schema are one run, so that it is made at once. */
export class RowIndex {
  constructor(runs: readonly IRun[]) {
    this._runs = runs.filter(run => run.count > 0);
    for (const run of this._runs) {
      this._starts.push(this.count);
      this._tops.push(this.height);
      this.count += run.count;
      this.height += run.count * run.height;
    }
  }

  /** How many rows there are. */
  readonly count: number = 0;
  /** Of all rows, in pixels. */
  readonly height: number = 0;

  row(index: number): TreeRow | undefined {
    if (index < 0 || index >= this.count) return undefined;
    const at = lastAtMost(this._starts, index);
    return this._runs[at]?.row(index - (this._starts[at] ?? 0));
  }

  /** Where a row begins, in pixels. */
  top(index: number): number {
    const at = lastAtMost(this._starts, index);
    return (this._tops[at] ?? 0) + (index - (this._starts[at] ?? 0)) * (this._runs[at]?.height ?? 0);
  }

  /** In pixels. */
  heightOf(index: number): number {
    return this._runs[lastAtMost(this._starts, index)]?.height ?? 0;
  }

  /** The row at a height. */
  at(position: number): number {
    if (this.count === 0) return 0;
    const at = lastAtMost(this._tops, Math.max(0, position));
    const run = this._runs[at];
    if (!run) return 0;
    const within = Math.floor((Math.max(0, position) - (this._tops[at] ?? 0)) / run.height);
    return (this._starts[at] ?? 0) + Math.min(run.count - 1, within);
  }

  /** Where a row is; -1 where it is not there. Looks first at where it was. */
  find(key: string, hint = 0): number {
    if (this.row(hint)?.key === key) return hint;
    for (const [at, run] of this._runs.entries()) {
      const found = run.find(key);
      if (found >= 0) return (this._starts[at] ?? 0) + found;
    }
    return -1;
  }

  private readonly _runs: readonly IRun[];
  private readonly _starts: number[] = [];
  private readonly _tops: number[] = [];
}

/** A run of rows that are there already. */
export function listed(rows: readonly TreeRow[], height: number): IRun {
  return {
    count: rows.length,
    height,
    row: index => rows[index] as TreeRow,
    find: key => rows.findIndex(row => row.key === key)
  };
}

/** The last of ascending numbers that is not above a limit. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, Math.max(0, numbers.length - 1)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
