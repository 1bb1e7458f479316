import type { Secret } from '../../configuration/secret.js';
import type { PluginSurroundings } from '../../plugins/plugin.js';
import { definePlugin } from '../../plugins/plugin.js';
import { accountOf } from '../../tables/databases/account.js';
import type { TableSource } from '../../tables/ports.js';
import { PostgresSettings, RedshiftSettings } from './settings.js';

type Given = PostgresSettings & { password?: Secret | undefined };

async function create(
  { password, ...settings }: Given,
  surroundings: PluginSurroundings,
  make: 'postgresql' | 'redshift'
): Promise<TableSource> {
  const { label, settings: where, log } = surroundings;
  const options = {
    settings,
    account: accountOf({ user: settings.user, password }, surroundings),
    label: label ?? settings.database,
    where,
    log
  };
  if (make === 'redshift') return (await import('./redshift.js')).createRedshiftSource(options);
  return (await import('./index.js')).createPostgresSource(options);
}

/** `kind: postgresql`: PostgreSQL 12 or newer, and what speaks as it does. */
export const postgresPlugin = definePlugin({
  kind: 'table-source',
  id: 'postgresql',
  config: PostgresSettings,
  create: (given, surroundings) => create(given, surroundings, 'postgresql')
});

/** `kind: redshift`: Amazon Redshift, external schemas included. */
export const redshiftPlugin = definePlugin({
  kind: 'table-source',
  id: 'redshift',
  config: RedshiftSettings,
  create: (given, surroundings) => create(given, surroundings, 'redshift')
});
