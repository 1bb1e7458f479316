import * as z from 'zod';
import { databaseShape, mustNameUser, Port } from '../../tables/databases/settings.js';

const Database = z.string().min(1).max(63);

/** `kind: postgresql`. */
export const PostgresSettings = z
  .strictObject({
    ...databaseShape,
    port: Port.default(5432),
    database: Database.describe('The database. A source shows one.')
  })
  .check(mustNameUser);

/** `kind: redshift`. */
export const RedshiftSettings = z
  .strictObject({
    ...databaseShape,
    port: Port.default(5439),
    database: Database.describe('The database. A source shows one.')
  })
  .check(mustNameUser);

export type PostgresSettings = Omit<z.infer<typeof PostgresSettings>, 'password'>;
