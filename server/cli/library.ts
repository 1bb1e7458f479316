import { copyUsage } from './usage.js';
import { withVerbs } from './verbs.js';
import type { Verb } from './verbs.js';

const verbs: Record<string, Verb> = {
  list: {
    usage: 'lakeside library list [--tag T] [--group G] [--owner O] [--table T] [--deleted] [--limit N] [--json]',
    load: async () => (await import('./libraryList.js')).list
  },
  search: {
    usage: 'lakeside library search WORDS... [--tag T] [--group G] [--owner O] [--table T] [--limit N] [--json]',
    load: async () => (await import('./libraryList.js')).search
  },
  show: { usage: 'lakeside library show ID [--json]', load: async () => (await import('./libraryShow.js')).show },
  versions: {
    usage: 'lakeside library versions ID [--json]',
    load: async () => (await import('./libraryShow.js')).versions
  },
  diff: {
    usage: 'lakeside library diff ID [FROM [TO]] [--json]',
    load: async () => (await import('./libraryDiff.js')).diff
  },
  fork: {
    usage: 'lakeside library fork ID [--version N] [--out FILE] [--json]',
    load: async () => (await import('./libraryChange.js')).fork
  },
  delete: {
    usage: 'lakeside library delete ID [--json]',
    load: async () => (await import('./libraryChange.js')).remove
  },
  restore: {
    usage: 'lakeside library restore ID [--json]',
    load: async () => (await import('./libraryChange.js')).restore
  },
  copy: { usage: copyUsage, load: async () => (await import('./libraryCopy.js')).copy }
};

/** `lakeside library`: its verbs. ID is a notebook's id in the Library, or the path of a shared notebook. */
export const library = withVerbs('library', verbs, [
  'ID is the id of a notebook in the Library, or the path of a shared notebook.',
  'PLACE is a folder, or a configuration file with a section "library"; left out, the Library in use.'
]);
