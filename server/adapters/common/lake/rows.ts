import type { Value } from '../../../../contract/tables/index.js';
import type { Rows, RowsOptions } from '../../../tables/ports.js';
import { sizeText } from '../../../tables/databases/budget.js';
import { columnOf, type Field } from './fields.js';

/** Gathers rows up to the limits of a question. */
export class RowBasket {
  private readonly rows: Value[][] = [];
  private bytes = 2;
  private cut: string | undefined;
  private more = false;

  constructor(
    readonly fields: readonly Field[],
    private readonly options: Pick<RowsOptions, 'limit' | 'maxBytes'>
  ) {}

  /** Rows that are wanted still: one more than the limit tells that there are more. */
  get wanted(): number {
    return this.isFull ? 0 : this.options.limit + 1 - this.rows.length;
  }

  get isFull(): boolean {
    return this.more;
  }

  add(row: Value[]): void {
    if (this.more) return;
    const size = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (this.rows.length >= this.options.limit) this.more = true;
    else if (this.bytes + size > this.options.maxBytes) {
      this.more = true;
      this.cut = sizeText(this.options.maxBytes);
    } else {
      this.rows.push(row);
      this.bytes += size;
    }
  }

  /** @param left - columns that were too large to be read */
  result(left: ReadonlySet<string> = new Set()): Rows {
    const shown = this.fields.map((field, at) => ({ field, at })).filter(({ field }) => !left.has(field.name));
    const names = [...left].join(', ');
    const cut = left.size === 0 ? this.cut : `${names} left out: more than 128 MB`;
    return {
      columns: shown.map(({ field }) => {
        const { name, type, kind } = columnOf(field);
        return { name, type, kind };
      }),
      rows: left.size === 0 ? this.rows : this.rows.map(row => shown.map(({ at }) => row[at] ?? null)),
      more: this.more,
      ...(cut !== undefined && { cut })
    };
  }
}
