import { filesPlugin } from './adapters/objectstore-fs/plugin.js';
import { s3Plugin } from './adapters/objectstore-s3/plugin.js';
import { confluenceCloudPlugin, confluenceDataCenterPlugin } from './adapters/wiki-confluence/plugin.js';
import { mediaWikiPlugin } from './adapters/wiki-mediawiki/plugin.js';
import { createRegistry } from './plugins/registry.js';
import type { Registry } from './plugins/registry.js';

/** The plug-ins that Lakeside brings along. What each needs is loaded when it is made. */
export function builtInPlugins(): Registry {
  return createRegistry([filesPlugin, s3Plugin, mediaWikiPlugin, confluenceCloudPlugin, confluenceDataCenterPlugin]);
}
