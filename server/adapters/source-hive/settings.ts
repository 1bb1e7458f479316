import * as z from 'zod';
import { databaseShape, Port } from '../../tables/databases/settings.js';
import { DataSettings } from '../common/lake/locations.js';

/** The settings of a Hive metastore. */
export const HiveSettings = z.strictObject({
  host: databaseShape.host,
  port: Port.default(9083).describe('Its port.'),
  user: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('The name under which it is asked, where it trusts names. Absent: none.'),
  schemas: databaseShape.schemas,
  data: DataSettings.default({}).describe('How files of tables are reached, for previews.')
});
export type HiveSettings = z.infer<typeof HiveSettings>;
