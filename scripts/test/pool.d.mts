import type { Counts } from './counts.mjs';

interface Run {
  title: string;
  /** Name of its report in `test-results/counts/`. */
  report: string;
  isOneCheck?: boolean;
  environment?(report: string): Record<string, string>;
  command(report: string): string[];
  read(report: string): Counts;
}

interface Result {
  title: string;
  counts: Counts;
  line: string;
}

export const manySlots: number;
export function runAll(runs: Run[], env: NodeJS.ProcessEnv, slots?: number): Promise<Result[]>;
export function summaryOf(results: Result[]): string[];
export function sumOf(all: Counts[]): Counts;
