export interface DatabaseOptions {
  /** Whether it offers TLS, with a certificate of 127.0.0.1 and localhost that signed itself. */
  tls?: boolean;
  /** A folder that stays: what an earlier server left there is used. Absent: a scratch folder. */
  data?: string;
  /** Whether its files are in memory, where there is room for them. MariaDB only. */
  inMemory?: boolean;
  /** More settings of the server, `name=value`. */
  settings?: readonly string[];
}

/** A database that runs, and an account of it that may do everything. */
export interface RunningDatabase {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** Path of its certificate, which is that of its authority too. */
  certificate: string | undefined;
  pid: number;
  log(): string;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** A port of the loopback that is free now. */
export function freePort(): Promise<number>;
