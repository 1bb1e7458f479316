import type { Secret } from '../../configuration/secret.js';
import type { PluginSurroundings } from '../../plugins/plugin.js';
import { definePlugin } from '../../plugins/plugin.js';
import type { TableSource } from '../../tables/ports.js';
import { PostgresSettings, RedshiftSettings } from './settings.js';

type Given = PostgresSettings & { password?: Secret | undefined };

async function create(
  { password, ...settings }: Given,
  { readSecret, label, settings: where, log }: PluginSurroundings,
  make: 'postgresql' | 'redshift'
): Promise<TableSource> {
  const { createPostgresSource } = await import('./index.js');
  return createPostgresSource({
    settings,
    // Asked at each connection: a file may hold a newer one.
    password: async () => (password === undefined ? undefined : await readSecret(password)),
    label: label ?? settings.database,
    where,
    log,
    make
  });
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
