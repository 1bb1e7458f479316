/** Brings PostgreSQL 15; gives the folder of its programs. */
export function postgresqlPrograms(): Promise<string>;
/** Brings MariaDB 10.11; gives the paths of its programs. */
export function mariaDbPrograms(): Promise<{ server: string; install: string }>;
