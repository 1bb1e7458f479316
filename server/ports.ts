/** The ports that every feature uses. Types only. */

/** Who asks. First argument of every service method. */
export interface Caller {
  /** The name of the person, as the Jupyter server's identity provider gives it; the login name in the CLI. */
  name: string;
  groups: readonly string[];
  via: 'jupyter' | 'cli' | 'hub' | 'system';
}

/** Time as a port, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970 (UTC). For dates only; durations come from `monotonic`. */
  now(): number;
  /** Milliseconds from an unknown start, never going back. */
  monotonic(): number;
  /** Resolves after so many milliseconds, or rejects when the signal is raised. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Makes ids. Every id is greater than all that this process made before and than `after`. */
export interface Ids {
  /** @param after - an id the new one must be greater than, for instance the parent version's */
  next(after?: string): string;
}

/** The log. Fields are JSON; secrets registered with `logging.ts` never get out. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * A named point where the fault tests kill the process or break a write. Does nothing outside such a test.
 * Names are `feature:step`, for instance `share:blobs-written`.
 */
export type FailPoint = (name: string) => void | Promise<void>;

/** What a check found, and what to do about it. */
export interface Finding {
  state: 'ok' | 'warning' | 'failed';
  detail: string;
  cure?: string;
}
