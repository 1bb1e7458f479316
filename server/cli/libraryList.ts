import { routes } from '../../contract/routes.js';
import { readArguments } from './arguments.js';
import { localTime, note, plain, print, printJson, printTable } from './output.js';
import { withSession } from './session.js';

const filters = {
  tag: { type: 'string' },
  group: { type: 'string' },
  owner: { type: 'string' },
  table: { type: 'string' },
  deleted: { type: 'boolean' },
  limit: { type: 'string' },
  json: { type: 'boolean' }
} as const;

/** `lakeside library list`. */
export async function list(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, filters, {
    min: 0,
    usage: 'lakeside library list [--tag T] [--limit N] [--json]'
  });
  return show('', values);
}

/** `lakeside library search`. */
export async function search(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, filters, {
    min: 1,
    max: 50,
    usage: 'lakeside library search WORDS... [--tag T] [--limit N] [--json]'
  });
  return show(positionals.join(' '), values);
}

type Filters = { [K in keyof typeof filters]?: (typeof filters)[K]['type'] extends 'boolean' ? boolean : string };

async function show(q: string, given: Filters): Promise<number> {
  return withSession(async ({ client }) => {
    const { json, deleted, ...rest } = given;
    const page = await client.call(routes.library.list, { query: { q, deleted: deleted ? 'true' : 'false', ...rest } });
    if (json) {
      printJson(page);
      return 0;
    }
    if (page.items.length === 0) {
      print(q === '' ? 'The Library is empty. Share a notebook: lakeside share NB' : `Nothing matches "${plain(q)}".`);
      return 0;
    }
    printTable([
      ['ID', 'TITLE', 'VERSIONS', 'UPDATED', 'OWNER', 'TAGS'],
      ...page.items.map(item => [
        item.notebookId,
        plain(item.title),
        String(item.versions),
        localTime(item.updatedAt),
        plain(item.owner),
        plain(item.tags.join(', '))
      ])
    ]);
    if (page.items.length < page.total)
      note(`${page.items.length} of ${page.total}${page.more ? ' or more' : ''}; --limit shows more`);
    return 0;
  });
}
