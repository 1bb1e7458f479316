import * as z from 'zod';
import { Secret } from '../../configuration/secret.js';
import { DataSettings } from '../common/lake/locations.js';

const Address = z.url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' });

/** The settings of a catalogue that speaks the REST protocol of Iceberg. */
export const IcebergSettings = z
  .strictObject({
    uri: Address.refine(uri => new URL(uri).username === '', 'must hold no name and no password').describe(
      'Address of the catalogue, without /v1.'
    ),
    warehouse: z.string().min(1).optional().describe('The warehouse, where the catalogue has several.'),
    token: Secret.optional().describe('A token, by reference. Absent: by oauth, or without signing in.'),
    oauth: z
      .strictObject({
        clientId: z.union([z.string().min(1), Secret], 'must be the id of a client, or a reference to it'),
        clientSecret: Secret,
        scope: z.string().min(1).default('catalog').describe('What is asked for.'),
        tokenUri: Address.optional().describe('Where tokens are given. Absent: the catalogue itself, /v1/oauth/tokens.')
      })
      .optional()
      .describe('A client and its secret, by reference.'),
    data: DataSettings.default({}).describe('How files of tables are reached, for previews.')
  })
  .refine(({ token, oauth }) => token === undefined || oauth === undefined, {
    error: 'must have token or oauth, not both'
  });
export type IcebergSettings = z.infer<typeof IcebergSettings>;
