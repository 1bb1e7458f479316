/** How the tests of one report ended. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** Of the tests that failed, and of those that passed on a second try only. */
  names?: string[];
}

export function closingLine(counts: Counts): string;
export function vitestCounts(file: string): Counts;
export function junitCounts(file: string): Counts;
export function playwrightCounts(file: string): Counts;
