import { jsonOf, ok, type Answer, type Asked, type Route } from './http.js';
import { webui, type Site } from './older.js';
import { Refused, type TwinPage, type TwinSpace, type TwinStore } from './store.js';

const MOST = 25;
const GONE = /^\/rest\/api\/(space|content)(\/\d+(\/child\/attachment)?)?$/;

export interface CloudRights {
  /** What the account may add: `page`, `attachment`. */
  adds: Set<string>;
}

/** The second interface of Cloud: `/api/v2`, lists by cursors. What it does, the first one does not any more. */
export function cloudRoutes(store: TwinStore, site: Site, rights: CloudRights): Route {
  return asked => {
    const { method, path, query } = asked;
    const call = `${method} ${path}`;
    if (call === 'GET /rest/api/user') return person(store, asked);
    if (GONE.test(path) && !(method === 'POST' && path.endsWith('/attachment')))
      throw new Refused(410, 'This deprecated endpoint has been removed.');
    if (call === 'GET /api/v2/spaces') {
      const keys = query.getAll('keys').flatMap(each => each.split(','));
      return ok(
        list(
          asked,
          site,
          store.spaces.filter(({ key }) => keys.length === 0 || keys.includes(key)),
          spaceOf
        )
      );
    }
    if (call === 'GET /api/v2/pages')
      return ok(list(asked, site, titled(store, query), page => pageOf(store, site, page, asked)));
    if (call === 'POST /api/v2/pages') return created(store, site, asked, rights);
    const [, kind, id = '', rest = ''] = /^\/api\/v2\/(spaces|pages)\/(\d+)(\/\w+)?$/.exec(path) ?? [];
    if (kind === 'spaces') return inSpace(store, site, asked, { id, rest, rights });
    if (kind !== 'pages') return undefined;
    const page = store.pages.get(id);
    if (!page) throw new Refused(404, 'Not Found');
    if (method === 'GET' && rest === '/attachments')
      return ok(
        list(asked, site, [...page.files.values()], ({ id: fileId, name, bytes, comment }) => ({
          id: fileId,
          status: 'current',
          title: name,
          fileSize: bytes.length,
          comment,
          mediaType: 'image/png'
        }))
      );
    if (method === 'GET' && rest === '') return ok(pageOf(store, site, page, asked));
    return method === 'PUT' && rest === '' ? updated(store, site, page, asked) : undefined;
  };
}

function person(store: TwinStore, { query }: Asked): Answer {
  const id = query.get('accountId') ?? '';
  const known = [...store.pages.values()].some(page => page.versions.some(({ author }) => accountOf(author) === id));
  if (!known) throw new Refused(404, `No user found with account id: ${id}`);
  return ok({
    type: 'known',
    accountId: id,
    displayName: id.slice('account-'.length),
    publicName: id.slice('account-'.length)
  });
}

const accountOf = (name: string): string => `account-${name}`;

function inSpace(
  store: TwinStore,
  site: Site,
  asked: Asked,
  { id, rest, rights }: { id: string; rest: string; rights: CloudRights }
): Answer | undefined {
  const space = store.spaces.find(each => each.id === id);
  if (!space) throw new Refused(404, 'Not Found');
  if (asked.method !== 'GET') return undefined;
  if (rest === '') return ok({ ...(spaceOf(space) as object), _links: { base: site.base } });
  const operations = ['page', 'blogpost', 'attachment'].filter(each => rights.adds.has(each));
  if (rest === '/operations')
    return ok({
      operations: [
        { operation: 'read', targetType: 'space' },
        ...operations.map(targetType => ({ operation: 'create', targetType }))
      ]
    });
  return undefined;
}

function list<T>({ path, query }: Asked, site: Site, all: readonly T[], show: (one: T) => unknown): unknown {
  const limit = Number(query.get('limit') ?? MOST);
  if (!(limit >= 1 && limit <= 250)) throw new Refused(400, 'Provided value for limit is not within 1 to 250');
  const cursor = query.get('cursor');
  const start = cursor === null ? 0 : Number(Buffer.from(cursor, 'base64').toString());
  if (!Number.isInteger(start)) throw new Refused(400, 'Provided value for cursor is not valid');
  const end = start + Math.min(limit, MOST);
  const next = end < all.length && {
    next: `/wiki${path}?limit=${limit}&cursor=${encodeURIComponent(Buffer.from(String(end)).toString('base64'))}`
  };
  return { results: all.slice(start, end).map(show), _links: { base: site.base, ...next } };
}

function titled(store: TwinStore, query: URLSearchParams): TwinPage[] {
  const space = store.spaces.find(({ id }) => id === query.get('space-id'));
  const page = space && store.titled(space, query.get('title') ?? '');
  return page && page.title === query.get('title')?.trim() ? [page] : [];
}

function created(store: TwinStore, site: Site, asked: Asked, rights: CloudRights): Answer {
  const given = jsonOf(asked) as { spaceId?: string; title?: string; parentId?: string; status?: string; body?: Body };
  if (!rights.adds.has('page')) throw new Refused(403, 'The calling user does not have permission to create pages');
  const space = store.spaces.find(({ id }) => id === given.spaceId);
  if (!space) throw new Refused(404, `No space with id : ${String(given.spaceId)}`);
  const page = store.create({
    title: given.title ?? '',
    space,
    // Without a parent, it goes below the page at the top of the space.
    parent: given.parentId ?? space.homepage,
    body: storageOf(given.body),
    author: site.account.name
  });
  store.counts.edits++;
  return ok(pageOf(store, site, page, asked));
}

type Body = { representation?: string; value?: string } | undefined;

function updated(store: TwinStore, site: Site, page: TwinPage, asked: Asked): Answer {
  const given = jsonOf(asked) as {
    id?: string;
    status?: string;
    title?: string;
    body?: Body;
    version?: { number?: number; message?: string };
  };
  if (given.id !== page.id || given.status !== 'current' || typeof given.title !== 'string')
    throw new Refused(400, 'id, status, title and version are needed, and the id must be that of the address');
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

function storageOf(body: Body): string {
  if (body?.representation !== 'storage' || typeof body.value !== 'string')
    throw new Refused(400, 'The body needs a value and the representation storage');
  return body.value;
}

function spaceOf({ id, key, name, type, homepage }: TwinSpace): unknown {
  return { id, key, name, type, status: 'current', homepageId: homepage };
}

function pageOf(store: TwinStore, site: Site, page: TwinPage, { query }: Asked): unknown {
  const last = page.versions.at(-1)!;
  const labels = [...page.labels].map(name => ({ id: '1', name, prefix: 'global' }));
  return {
    id: page.id,
    status: page.status,
    title: page.title,
    spaceId: page.space.id,
    parentId: page.parent ?? null,
    authorId: accountOf(page.versions[0]!.author),
    version: {
      number: page.versions.length,
      message: last.message,
      authorId: accountOf(last.author),
      createdAt: last.at
    },
    body: query.get('body-format') === 'storage' ? { storage: { representation: 'storage', value: last.body } } : {},
    ...(query.get('include-labels') === 'true' && { labels: { results: labels, meta: { hasMore: false } } }),
    _links: { webui: webui(store, page), base: site.base }
  };
}
