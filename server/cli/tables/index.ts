import { withVerbs } from '../verbs.js';
import { lsUsage, previewUsage, searchUsage, showUsage } from './usages.js';

/** `lakeside tables`: what there is in the sources of tables. */
export const tables = withVerbs(
  'tables',
  {
    ls: { usage: lsUsage, load: async () => (await import('./list.js')).list },
    search: { usage: searchUsage, load: async () => (await import('./list.js')).search },
    show: { usage: showUsage, load: async () => (await import('./show.js')).show },
    preview: { usage: previewUsage, load: async () => (await import('./show.js')).preview }
  },
  [
    'A table that lies directly in its source is SOURCE/TABLE. In names / is written %2F, and % is written %25.',
    'lakeside sources list says which sources there are.'
  ]
);
