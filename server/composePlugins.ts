import { join } from 'node:path';
import { ProblemError } from '../contract/problem.js';
import { databaseCredentialPlugin } from './adapters/credential-database/plugin.js';
import { iamMfaPlugin } from './adapters/credential-iam-mfa/plugin.js';
import { oidcPlugin } from './adapters/credential-oidc/plugin.js';
import { staticCredentialPlugin } from './adapters/credential-static/plugin.js';
import { memoryTablesPlugin } from './adapters/memory/tablePlugin.js';
import { slackPlugin } from './adapters/notify-slack/plugin.js';
import { smtpPlugin } from './adapters/notify-smtp/plugin.js';
import { webhookPlugin } from './adapters/notify-webhook/plugin.js';
import { filesPlugin } from './adapters/objectstore-fs/plugin.js';
import { s3PlacesPlugin } from './adapters/objectstore-s3/placePlugin.js';
import { s3Plugin } from './adapters/objectstore-s3/plugin.js';
import { filesSourcePlugin } from './adapters/source-files/plugin.js';
import { hiveSourcePlugin } from './adapters/source-hive/plugin.js';
import { icebergSourcePlugin } from './adapters/source-iceberg/plugin.js';
import { mariaDbPlugin, mySqlPlugin } from './adapters/source-mysql/plugin.js';
import { postgresPlugin, redshiftPlugin } from './adapters/source-postgresql/plugin.js';
import { confluenceCloudPlugin, confluenceDataCenterPlugin } from './adapters/wiki-confluence/plugin.js';
import { dokuWikiPlugin } from './adapters/wiki-dokuwiki/plugin.js';
import { gitWikiPlugin } from './adapters/wiki-git/plugin.js';
import { mediaWikiPlugin } from './adapters/wiki-mediawiki/plugin.js';
import type { Config } from './config.js';
import type { FindOutside } from './configuration/read.js';
import { withoutSecrets } from './logging.js';
import type { OutsidePlugins } from './plugins/outside.js';
import { createRegistry } from './plugins/registry.js';
import type { Registry } from './plugins/registry.js';
import type { Log } from './ports.js';

/** The plug-ins that Lakeside brings along. What each needs is loaded when it is made. */
export function builtInPlugins(): Registry {
  return createRegistry([
    filesPlugin,
    s3Plugin,
    dokuWikiPlugin,
    gitWikiPlugin,
    mediaWikiPlugin,
    confluenceCloudPlugin,
    confluenceDataCenterPlugin,
    smtpPlugin,
    slackPlugin,
    webhookPlugin,
    s3PlacesPlugin,
    memoryTablesPlugin,
    filesSourcePlugin,
    icebergSourcePlugin,
    hiveSourcePlugin,
    postgresPlugin,
    redshiftPlugin,
    mySqlPlugin,
    mariaDbPlugin,
    staticCredentialPlugin,
    iamMfaPlugin,
    oidcPlugin,
    databaseCredentialPlugin
  ]);
}

/** Finds the plug-ins from outside that a configuration names. None of their code runs before one is used. */
export function outsidePlugins(surroundings: { config: Config; log: Log; programs: string }): FindOutside {
  return async (names, base) => {
    const { readPluginPackage } = await import('./plugins/manifest.js');
    const { createOutsidePlugin } = await import('./adapters/plugin-process/index.js');
    const { config, log, programs } = surroundings;
    const found: OutsidePlugins = { usable: [], broken: [] };
    const taken = new Map(
      builtInPlugins()
        .of('wiki-target')
        .map(({ id }) => [id, 'Lakeside itself'])
    );
    for (const name of names) {
      try {
        const given = await readPluginPackage(name, base);
        const other = taken.get(given.id);
        if (other !== undefined)
          throw new ProblemError(
            'invalid',
            `The plug-in ${name} cannot be used: it brings the kind ${given.id}, which ${other} has already. Take one of them out.`
          );
        taken.set(given.id, name);
        found.usable.push(
          createOutsidePlugin(given, {
            program: join(programs, 'plugins', 'host.js'),
            environment: config.pluginEnvironment,
            log,
            redact: withoutSecrets
          })
        );
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        found.broken.push({ name, sentence: error.message });
      }
    }
    return found;
  };
}
