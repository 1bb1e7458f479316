import type { Clock } from '../../ports.js';

/** A clock that stands still until it is moved. Whoever sleeps wakes when it has been moved far enough. */
export interface ManualClock extends Clock {
  /** Moves time on, by milliseconds, waking sleepers in the order of their times. */
  move(milliseconds: number): void;
  /** Sets the date only, as when somebody corrects the clock of a machine. */
  setDate(now: number): void;
}

/** @param start - milliseconds since 1970 */
export function createManualClock(start: number): ManualClock {
  let elapsed = 0;
  let date = start;
  const sleepers = new Set<{ until: number; wake: () => void }>();

  return {
    now: () => date,
    monotonic: () => elapsed,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: elapsed + milliseconds, wake: resolve };
        const stop = (): void => {
          sleepers.delete(sleeper);
          reject(new DOMException('The sleep was ended.', 'AbortError'));
        };
        if (signal?.aborted) {
          stop();
          return;
        }
        sleepers.add(sleeper);
        signal?.addEventListener('abort', stop, { once: true });
      }),
    move(milliseconds) {
      elapsed += milliseconds;
      date += milliseconds;
      const due = [...sleepers].filter(sleeper => sleeper.until <= elapsed).sort((a, b) => a.until - b.until);
      for (const sleeper of due) {
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
    setDate: now => {
      date = now;
    }
  };
}
