import { search } from './cql.js';
import { jsonOf, ok, uploadOf, type Answer, type Asked, type Route } from './http.js';
import { Refused, type TwinFile, type TwinPage, type TwinStore } from './store.js';

/** Where the site is, in front of the paths of its pages. */
export interface Site {
  /** `http://127.0.0.1:1234/wiki`. */
  base: string;
  account: { name: string; id: string };
}

/** What the older interface does on Cloud and on Data Center alike: the account, searches, labels, files. */
export function olderRoutes(store: TwinStore, site: Site): Route {
  return asked => {
    const { method, path } = asked;
    if (method === 'GET' && path === '/rest/api/user/current') return ok(user(store, site));
    if (method === 'GET' && path === '/rest/api/content/search') return found(store, site, asked);
    const [, id = '', rest = ''] =
      /^\/rest\/api\/content\/(\d+)\/(label|child\/attachment(?:\/\w+\/data)?)$/.exec(path) ?? [];
    if (method !== 'POST' || id === '') return undefined;
    const page = store.current(id);
    if (!page) throw new Refused(404, `No content found with id: ContentId{id=${id}}`);
    if (rest === 'label') return labelled(store, page, asked);
    return attached(store, site, page, asked, /attachment\/(\w+)\/data$/.exec(rest)?.[1]);
  };
}

function user({ limits }: TwinStore, { account }: Site): unknown {
  return limits.edition === 'cloud'
    ? { type: 'known', accountId: account.id, accountType: 'atlassian', displayName: account.name }
    : { type: 'known', username: account.id, userKey: `key-${account.id}`, displayName: account.name };
}

function found(store: TwinStore, site: Site, { query }: Asked): Answer {
  const pages = search(store, query.get('cql') ?? '');
  const limit = Math.min(Number(query.get('limit') ?? 25), 50);
  const withSpace = (query.get('expand') ?? '').split(',').includes('space');
  const results = pages.slice(0, limit).map(page => ({
    id: page.id,
    type: 'page',
    status: 'current',
    title: page.title,
    ...(withSpace && {
      space: { id: Number(page.space.id), key: page.space.key, name: page.space.name, type: page.space.type }
    }),
    _links: { webui: webui(store, page) }
  }));
  return ok({ results, start: 0, limit, size: results.length, _links: { base: site.base, context: '' } });
}

/** The path of a page below the base of the site. */
export function webui({ limits }: TwinStore, page: TwinPage): string {
  return limits.edition === 'cloud'
    ? `/spaces/${page.space.key}/pages/${page.id}/${encodeURIComponent(page.title)}`
    : `/pages/viewpage.action?pageId=${page.id}`;
}

function labelled(store: TwinStore, page: TwinPage, asked: Asked): Answer {
  const labels = jsonOf(asked) as unknown;
  if (!Array.isArray(labels)) throw new Refused(400, 'A list of labels is needed');
  for (const { prefix, name } of labels as { prefix: string; name: string }[]) {
    if (prefix !== 'global') throw new Refused(400, `Invalid prefix: ${prefix}`);
    store.label(page, name);
    store.counts.labels++;
  }
  return ok({ results: [...page.labels].map(name => ({ prefix: 'global', name, id: '1' })), size: page.labels.size });
}

async function attached(
  store: TwinStore,
  site: Site,
  page: TwinPage,
  asked: Asked,
  fileId: string | undefined
): Promise<Answer> {
  const { name, bytes, comment } = await uploadOf(asked);
  const file =
    fileId === undefined ? store.attach(page, name, bytes, comment) : store.replace(page, fileId, bytes, comment);
  store.counts.uploads++;
  const one = attachmentOf(file, site);
  return ok(fileId === undefined ? { results: [one], size: 1, _links: { base: site.base } } : one);
}

/** An attachment as the older interface tells of it. */
export function attachmentOf(file: TwinFile, site: Site): unknown {
  return {
    id: file.id,
    type: 'attachment',
    status: 'current',
    title: file.name,
    metadata: { comment: file.comment, mediaType: 'image/png' },
    extensions: { mediaType: 'image/png', fileSize: file.bytes.length, comment: file.comment },
    version: { number: file.version },
    _links: { download: `/download/attachments/${file.name}`, base: site.base }
  };
}
