/** File systems with coarse times (FAT: 2 s) may give a later change the same time. Milliseconds. */
const COARSE = 2_000;

/** Whether an equal time of last change will mean an unchanged file. */
export function isReliable(modified: number, now: number): boolean {
  return modified % 1000 !== 0 || now - modified > COARSE;
}
