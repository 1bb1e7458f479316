/** One figure, in `unit`. */
export interface Row {
  what: string;
  ours: number;
  unit: string;
  /** The peer's figure in the same run, and it divided by ours. */
  peer?: number;
  ratio?: number;
  goal?: string;
  met?: boolean;
}

/** What a benchmark measured, and with what it compares. */
export interface Report {
  peer?: string | null;
  notes: readonly string[];
  /** Load average before it began. */
  load?: number;
  rows: readonly Row[];
}

export function row(
  what: string,
  ours: number,
  unit: string,
  more?: { peer?: number; below?: number; atMost?: number }
): Row;

export function report(head: { peer?: string; notes?: readonly string[] }, rows: readonly Row[], file?: string): void;

export function table(report: { peer?: string | null; rows: readonly Row[] }): string;

export function median(values: readonly number[]): number;
