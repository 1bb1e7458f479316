import { jsonOf, ok, type Asked, type Route } from './http.js';
import { attachmentOf, webui, type Site } from './older.js';
import { Refused, type TwinPage, type TwinSpace, type TwinStore } from './store.js';

/** A server gives so many entries at once, whatever it is asked for. */
const MOST = 25;

/** The interface of Data Center: `/rest/api/content`, lists by `start` and `limit`, what is wanted named in `expand`. */
export function dataCenterRoutes(store: TwinStore, site: Site): Route {
  return asked => {
    const { method, path, query } = asked;
    const call = `${method} ${path}`;
    if (call === 'GET /rest/applinks/1.0/manifest') return ok({ id: 'twin', typeId: 'confluence', version: '9.2.0' });
    if (call === 'GET /rest/api/space') {
      const keys = query.getAll('spaceKey').map(key => key.toLowerCase());
      const spaces = store.spaces.filter(({ key }) => keys.length === 0 || keys.includes(key.toLowerCase()));
      return ok(list(asked, spaces, space => spaceOf(space, asked)));
    }
    if (call === 'GET /rest/api/content')
      return ok(list(asked, titled(store, asked), page => pageOf(store, site, page, asked)));
    if (call === 'POST /rest/api/content') return created(store, site, asked);
    const [, id = '', rest] = /^\/rest\/api\/content\/(\d+)(\/child\/attachment)?$/.exec(path) ?? [];
    if (id === '') return undefined;
    const page = store.pages.get(id);
    if (!page || (page.status !== 'current' && query.get('status') !== 'any'))
      throw new Refused(404, `No content found with id: ContentId{id=${id}}`);
    if (method === 'GET' && rest !== undefined)
      return ok(list(asked, [...page.files.values()], file => attachmentOf(file, site)));
    if (method === 'GET') return ok(pageOf(store, site, page, asked));
    return method === 'PUT' && rest === undefined ? updated(store, site, page, asked) : undefined;
  };
}

const expands = ({ query }: Asked): string[] => (query.get('expand') ?? '').split(',');

function list<T>({ path, query }: Asked, all: readonly T[], show: (one: T) => unknown): unknown {
  const start = Number(query.get('start') ?? 0);
  const limit = Math.min(Number(query.get('limit') ?? MOST), MOST);
  const results = all.slice(start, start + limit).map(show);
  const next = start + limit < all.length && { next: `${path}?limit=${limit}&start=${start + limit}` };
  return { results, start, limit, size: results.length, _links: { base: '', context: '', ...next } };
}

function titled(store: TwinStore, { query }: Asked): TwinPage[] {
  const space = store.spaces.find(({ key }) => key === query.get('spaceKey'));
  const title = query.get('title');
  const page = space && title !== null ? store.titled(space, title) : undefined;
  // The search by title minds small and large letters, unlike the rule that titles are unique.
  return page && page.title === title?.trim() ? [page] : [];
}

function created(store: TwinStore, site: Site, asked: Asked) {
  const given = jsonOf(asked) as {
    type?: string;
    title?: string;
    space?: { key?: string };
    ancestors?: { id: string }[];
    body?: { storage?: { value?: string; representation?: string } };
  };
  if (given.type !== 'page') throw new Refused(400, 'The type of content must be page');
  const space = store.spaces.find(({ key }) => key === given.space?.key);
  if (!space) throw new Refused(404, `No space with key : ${String(given.space?.key)}`);
  const page = store.create({
    title: given.title ?? '',
    space,
    parent: given.ancestors?.at(-1)?.id,
    body: storageOf(given.body),
    author: site.account.name
  });
  store.counts.edits++;
  return ok(pageOf(store, site, page, asked));
}

function updated(store: TwinStore, site: Site, page: TwinPage, asked: Asked) {
  const given = jsonOf(asked) as {
    type?: string;
    title?: string;
    version?: { number?: number; message?: string };
    body?: { storage?: { value?: string; representation?: string } };
  };
  if (given.type !== 'page' || typeof given.title !== 'string') throw new Refused(400, 'type and title are needed');
  store.update(page, {
    title: given.title,
    body: storageOf(given.body),
    number: given.version?.number ?? 0,
    author: site.account.name,
    message: given.version?.message ?? ''
  });
  store.counts.edits++;
  return ok(pageOf(store, site, page, asked));
}

function storageOf(body: { storage?: { value?: string; representation?: string } } | undefined): string {
  if (body?.storage?.representation !== 'storage' || typeof body.storage.value !== 'string')
    throw new Refused(400, 'The body needs a value and the representation storage');
  return body.storage.value;
}

function spaceOf({ id, key, name, type, homepage }: TwinSpace, asked: Asked): unknown {
  return {
    id: Number(id),
    key,
    name,
    type,
    ...(expands(asked).includes('homepage') && { homepage: { id: homepage } })
  };
}

function pageOf(store: TwinStore, site: Site, page: TwinPage, asked: Asked): unknown {
  const wanted = expands(asked);
  const number = page.versions.length;
  const last = page.versions.at(-1)!;
  const labels = [...page.labels].map(name => ({ prefix: 'global', name, id: '1' }));
  return {
    id: page.id,
    type: 'page',
    status: page.status,
    title: page.title,
    ...(wanted.includes('space') && { space: spaceOf(page.space, asked) }),
    ...(wanted.includes('version') && {
      version: { number, when: last.at, message: last.message, by: { type: 'known', displayName: last.author } }
    }),
    ...(wanted.includes('body.storage') && { body: { storage: { value: last.body, representation: 'storage' } } }),
    ...(wanted.includes('metadata.labels') && { metadata: { labels: { results: labels, size: labels.length } } }),
    _links: { webui: webui(store, page), base: site.base, context: '' }
  };
}
