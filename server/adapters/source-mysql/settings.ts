import { isIP } from 'node:net';
import * as z from 'zod';
import { databaseShape, mustNameUser, Port } from '../../tables/databases/settings.js';

/** `kind: mysql`, for MariaDB too. */
export const MySqlSettings = z
  .strictObject({
    ...databaseShape,
    port: Port.default(3306),
    database: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('The only database to show. Absent: all that the account may see.')
  })
  .check(mustNameUser);
export type MySqlSettings = Omit<z.infer<typeof MySqlSettings>, 'password'>;

/** Whether the name in a certificate can be compared: addresses are in few of them, and the driver compares none. */
export const canVerify = ({ host, tls }: MySqlSettings): boolean => tls !== 'verify' || isIP(host) === 0;
