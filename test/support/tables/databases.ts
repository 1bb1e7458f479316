import { createMySqlSource } from '../../../server/adapters/source-mysql/index.js';
import { createPostgresSource } from '../../../server/adapters/source-postgresql/index.js';
import type { PostgresSettings } from '../../../server/adapters/source-postgresql/settings.js';
import type { TableSource } from '../../../server/tables/ports.js';
import type { RunningDatabase } from '../databases/server.mjs';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** What a test changes of the settings of a source. */
export type Change = Partial<PostgresSettings> & { password?: string };

/** A source of a database that runs, as an account of it. */
export type SourceOf = (change?: Change) => TableSource;

/** Sources of a PostgreSQL. */
export const postgresSources =
  (server: RunningDatabase): SourceOf =>
  ({ password = server.password, ...change } = {}) =>
    createPostgresSource({
      settings: { ...at(server), database: server.database, ...change },
      account: { read: async () => ({ user: change.user ?? server.user, password }) },
      label: 'Shop',
      where: 'sources.shop',
      log
    });

/** Sources of a MariaDB. */
export const mariaDbSources =
  (server: RunningDatabase): SourceOf =>
  ({ password = server.password, ...change } = {}) =>
    createMySqlSource({
      settings: { ...at(server), ...change },
      account: { read: async () => ({ user: change.user ?? server.user, password }) },
      label: 'Shop',
      where: 'sources.shop',
      log
    });

const at = ({ host, port, user }: RunningDatabase) => ({ host, port, user, tls: 'prefer' as const });
