import type { Secret } from '../../configuration/secret.js';
import type { PluginSurroundings } from '../../plugins/plugin.js';
import { definePlugin } from '../../plugins/plugin.js';
import { accountOf } from '../../tables/databases/account.js';
import type { TableSource } from '../../tables/ports.js';
import { MySqlSettings } from './settings.js';

type Given = MySqlSettings & { password?: Secret | undefined };

async function create({ password, ...settings }: Given, surroundings: PluginSurroundings): Promise<TableSource> {
  const { label, settings: where, log } = surroundings;
  const { createMySqlSource } = await import('./index.js');
  return createMySqlSource({
    settings,
    account: accountOf({ user: settings.user, password }, surroundings),
    label: label ?? settings.database ?? settings.host,
    where,
    log
  });
}

const plugin = (id: string) =>
  definePlugin({
    kind: 'table-source',
    id,
    config: MySqlSettings,
    create: (given: Given, more) => create(given, more)
  });

/** `kind: mysql`: MySQL 8 or newer, and what speaks as it does. */
export const mySqlPlugin = plugin('mysql');

/** `kind: mariadb`: MariaDB 10.5 or newer. The same as `mysql`; the server says which it is. */
export const mariaDbPlugin = plugin('mariadb');
