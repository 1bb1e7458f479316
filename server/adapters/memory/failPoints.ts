import type { FailPoint } from '../../ports.js';

/** Fail points that can be made to fail. */
export interface FailPoints {
  failPoint: FailPoint;
  /** The names that were reached, in their order. */
  readonly reached: readonly string[];
  /** From now on this point throws, as a write that fails there would. */
  breakAt(name: string, error: Error): void;
  mendAll(): void;
}

export function createFailPoints(): FailPoints {
  const reached: string[] = [];
  const broken = new Map<string, Error>();
  return {
    failPoint: name => {
      reached.push(name);
      const error = broken.get(name);
      if (error) throw error;
    },
    reached,
    breakAt: (name, error) => void broken.set(name, error),
    mendAll: () => broken.clear()
  };
}
