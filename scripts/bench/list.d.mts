/** The benchmarks, in the order they run. */
export const benches: readonly { name: string; title: string; command: (report: string) => string[] }[];
