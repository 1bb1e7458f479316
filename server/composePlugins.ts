import { filesPlugin } from './adapters/objectstore-fs/plugin.js';
import { s3Plugin } from './adapters/objectstore-s3/plugin.js';
<<<<<<< HEAD
import { gitWikiPlugin } from './adapters/wiki-git/plugin.js';
=======
import { dokuWikiPlugin } from './adapters/wiki-dokuwiki/plugin.js';
>>>>>>> dokuwiki
import { mediaWikiPlugin } from './adapters/wiki-mediawiki/plugin.js';
import { createRegistry } from './plugins/registry.js';
import type { Registry } from './plugins/registry.js';

/** The plug-ins that Lakeside brings along. What each needs is loaded when it is made. */
export function builtInPlugins(): Registry {
<<<<<<< HEAD
  return createRegistry([filesPlugin, s3Plugin, gitWikiPlugin, mediaWikiPlugin]);
=======
  return createRegistry([filesPlugin, s3Plugin, mediaWikiPlugin, dokuWikiPlugin]);
>>>>>>> dokuwiki
}
