import type { NotebookRunner, Work, WorkEnd } from '../../schedule/ports.js';

/** A runner that runs nothing: whoever uses it says how each attempt goes on and ends. */
export interface MemoryRunner extends NotebookRunner {
  /** Attempts under way, the oldest first. */
  readonly underWay: readonly Work[];
  /** Every attempt that was started. */
  readonly started: readonly Work[];
  /** Tells how far the oldest attempt of a run is. */
  progress(runId: string, cell: number, of: number): void;
  /** Ends the attempt of a run. */
  end(runId: string, end?: WorkEnd): void;
  /** What `endOf` finds, by folder. */
  readonly ends: Map<string, WorkEnd>;
  /** Folders that were cleared. */
  readonly cleared: string[];
}

export function createMemoryRunner(): MemoryRunner {
  const active = new Map<
    string,
    { work: Work; tell: (cell: number, of: number) => void; end: (end: WorkEnd) => void }
  >();
  const started: Work[] = [];
  const ends = new Map<string, WorkEnd>();
  const cleared: string[] = [];
  return {
    started,
    ends,
    cleared,
    get underWay() {
      return [...active.values()].map(({ work }) => work);
    },
    start(work, tell) {
      started.push(work);
      const { promise, resolve } = Promise.withResolvers<WorkEnd>();
      const end = (how: WorkEnd): void => {
        active.delete(work.runId);
        resolve(how);
      };
      active.set(work.runId, { work, tell, end });
      return { ended: promise, cancel: reason => end({ exitCode: 143, reason }) };
    },
    progress: (runId, cell, of) => active.get(runId)?.tell(cell, of),
    end: (runId, end = { exitCode: 0 }) => active.get(runId)?.end(end),
    endOf: out => Promise.resolve(ends.get(out)),
    clear: out => Promise.resolve(void cleared.push(out)),
    inspect: () => Promise.resolve({ language: 'python', kernel: 'python3', parameters: [] }),
    kernels: () => Promise.resolve([{ name: 'python3', title: 'Python 3' }])
  };
}
