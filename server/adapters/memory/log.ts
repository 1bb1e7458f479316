import type { Log } from '../../ports.js';

/** One entry of the log. */
export interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  fields: object;
  message: string;
}

/** A log that keeps what it is told. */
export interface MemoryLog extends Log {
  readonly entries: readonly LogEntry[];
}

export function createMemoryLog(): MemoryLog {
  const entries: LogEntry[] = [];
  const at =
    (level: LogEntry['level']) =>
    (fields: object, message: string): void =>
      void entries.push({ level, fields, message });
  return { entries, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
