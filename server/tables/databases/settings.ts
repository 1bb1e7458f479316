import { isAbsolute } from 'node:path';
import * as z from 'zod';
import { Secret } from '../../configuration/secret.js';

/** What the configuration says about a database server, whatever make it is of. */
export const databaseShape = {
  host: z.string().min(1).max(253).describe('Name or address of the server.'),
  user: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('An account that may read and nothing else. Absent: the one that the profile of its password names.'),
  password: Secret.optional().describe('Its password, by reference. Absent: none.'),
  tls: z
    .enum(['off', 'prefer', 'require', 'verify'], 'must be off, prefer, require or verify')
    .default('prefer')
    .describe(
      'verify: encrypted, and the certificate is checked. require: encrypted. prefer: encrypted where the server can.'
    ),
  ca: z
    .string()
    .refine(isAbsolute, 'must be an absolute path')
    .optional()
    .describe('File of the authority that signed its certificate, PEM, for tls: verify. Absent: the public ones.'),
  schemas: z
    .array(z.string().min(1).max(500))
    .min(1, 'must name a schema at least')
    .max(1000)
    .optional()
    .describe('The only schemas to show; * stands for any characters. Absent: all.')
};

/** Somebody must sign in: the settings name a user, or a profile of credentials that does. */
export function mustNameUser(context: {
  value: { user?: string | undefined; password?: Secret | undefined };
  issues: z.core.$ZodRawIssue[];
}): void {
  const { user, password } = context.value;
  if (user !== undefined || (password !== undefined && 'credential' in password)) return;
  context.issues.push({ code: 'custom', path: ['user'], message: 'is missing', input: user });
}

export const Port = z.number().int().min(1).max(65_535);

/** The settings of a database, its password left out. */
export interface DatabaseSettings {
  host: string;
  port: number;
  user?: string | undefined;
  tls: 'off' | 'prefer' | 'require' | 'verify';
  ca?: string | undefined;
  schemas?: string[] | undefined;
}

/** Whether a schema is among those to show. */
export function allowsSchema(patterns: readonly string[] | undefined): (schema: string) => boolean {
  if (patterns === undefined) return () => true;
  const each = patterns.map(pattern => new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 's'));
  return schema => each.some(it => it.test(schema));
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
