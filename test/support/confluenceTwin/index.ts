import { randomBytes } from 'node:crypto';
import { cloudRoutes } from './cloud.js';
import { dataCenterRoutes } from './datacenter.js';
import { serve, type Answer, type Asked } from './http.js';
import { olderRoutes, type Site } from './older.js';
import type { Edition } from './rules.js';
import { Refused, TwinStore, type TwinPage } from './store.js';

/**
 * A twin of Confluence, since no real one can run here: strict where Confluence is, and stricter where it would take a
 * page and show it broken. It says why it refuses. It is written from Atlassian's published interfaces and from what
 * people report of them; docs/targets/confluence.md says what that proves and what it does not.
 */
export interface ConfluenceTwin {
  edition: Edition;
  /** What goes into the configuration as `url`. */
  url: string;
  /** The account of Lakeside. `user` is that of Cloud. */
  user: string;
  token: string;
  space: string;
  store: TwinStore;
  people: TwinPeople;
  /** Says no to the next requests, as a limit of rates does. */
  limit(requests: number, retryAfter: number | undefined): void;
  /** The next writes of pages meet another one that is not done yet: 409, though nobody else wrote. */
  stumble(writes: number): void;
  /** Takes the right to add pages or files. Cloud alone tells. */
  forbid(what: 'page' | 'attachment'): void;
  /** All requests since the twin began: `PUT /rest/api/content/1`. */
  requests: string[];
  close(): Promise<void>;
}

/** What a person does in the browser. */
export interface TwinPeople {
  /** Changes the source of a page. `byEditor`: in the editor, which writes all of the page anew. */
  edit(pageId: string, change: (body: string) => string, how?: { byEditor?: boolean }): void;
  rename(pageId: string, title: string): void;
  move(pageId: string, spaceKey: string): void;
  remove(pageId: string): void;
  restore(pageId: string): void;
  add(title: string, body: string, spaceKey?: string): TwinPage;
  /** A copy with all that is on it, its labels too. */
  copy(pageId: string, title: string): TwinPage;
  file(pageId: string, name: string): Uint8Array | undefined;
  page(pageId: string): TwinPage;
  body(pageId: string): string;
}

const PERSON = 'Ada';

export interface TwinOptions {
  maxBodyBytes?: number;
  indexLag?: number;
}

/** Starts a twin on the loopback, with two spaces and an empty trash. */
export async function startConfluenceTwin(edition: Edition, options: TwinOptions = {}): Promise<ConfluenceTwin> {
  const store = new TwinStore({
    edition,
    maxBodyBytes: options.maxBodyBytes ?? 5 * 1024 * 1024,
    maxFileBytes: 100 * 1024 * 1024,
    indexLag: options.indexLag ?? 6
  });
  const { key: space } = store.addSpace('DATA', 'Data');
  store.addSpace('LAB', 'Laboratory');
  const token = randomBytes(24).toString('base64url');
  const user = 'lakeside@example.org';
  const site: Site = { base: '', account: { name: 'Lakeside', id: 'lakeside' } };
  const rights = { adds: new Set(['page', 'blogpost', 'attachment']) };
  const context = edition === 'cloud' ? '/wiki' : '/confluence';
  const routes = [
    edition === 'cloud' ? cloudRoutes(store, site, rights) : dataCenterRoutes(store, site),
    olderRoutes(store, site)
  ];
  const moods = { limited: 0, retryAfter: undefined as number | undefined, stumbling: 0 };
  const requests: string[] = [];

  async function answer(asked: Asked): Promise<Answer> {
    requests.push(`${asked.method} ${asked.path}`);
    store.requested();
    if (moods.limited > 0) {
      moods.limited--;
      const headers: Record<string, string> =
        moods.retryAfter === undefined ? {} : { 'retry-after': String(moods.retryAfter) };
      return { status: 429, headers, body: 'Rate limit exceeded' };
    }
    if (!asked.path.startsWith(`${context}/`))
      return { status: 404, body: '<!DOCTYPE html><title>Page not found</title>' };
    const path = asked.path.slice(context.length);
    const isOpen = path === '/rest/applinks/1.0/manifest';
    if (!isOpen && !isSignedIn(asked)) return { status: 401, body: '<html><body>Unauthorized</body></html>' };
    try {
      if (asked.method === 'PUT' && moods.stumbling > 0) {
        moods.stumbling--;
        throw new Refused(
          409,
          'ConflictException: org.springframework.orm.hibernate.HibernateOptimisticLockingFailureException'
        );
      }
      for (const route of routes) {
        const given = await route({ ...asked, path });
        if (given) return given;
      }
      return { status: 404, body: '<!DOCTYPE html><title>Page not found</title>' };
    } catch (error) {
      if (!(error instanceof Refused)) return { status: 500, body: `<html>${String(error)}</html>` };
      return { status: error.status, body: refusal(error, path) };
    }
  }

  /** Cloud wants a name and a token, or a token of OAuth 2; Data Center a token alone. */
  function isSignedIn(asked: Asked): boolean {
    const given = asked.header('authorization') ?? '';
    const basic = `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
    return given === `Bearer ${token}` || (edition === 'cloud' && given === basic);
  }

  const server = await serve(answer);
  site.base = server.base + context;
  const must = (id: string): TwinPage => {
    const page = store.current(id);
    if (!page) throw new Error(`The twin has no page ${id}.`);
    return page;
  };
  const next = (page: TwinPage, change: { title?: string; body?: string }, byEditor = false): void => {
    const { title, body } = { title: page.title, body: page.versions.at(-1)!.body, ...change };
    store.update(page, { title, body, number: page.versions.length + 1, author: PERSON, message: '' }, byEditor);
  };

  return {
    edition,
    url: site.base,
    user,
    token,
    space,
    store,
    requests,
    people: {
      edit: (id, change, { byEditor = false } = {}) =>
        next(must(id), { body: change(must(id).versions.at(-1)!.body) }, byEditor),
      rename: (id, title) => next(must(id), { title }),
      move(id, spaceKey) {
        const page = must(id);
        page.space = store.spaces.find(({ key }) => key === spaceKey)!;
        page.parent = page.space.homepage;
      },
      remove: id => store.trash(must(id)),
      restore: id => store.restore(store.pages.get(id)!),
      add: (title, body, spaceKey = 'DATA') =>
        store.create({
          title,
          space: store.spaces.find(({ key }) => key === spaceKey)!,
          parent: undefined,
          body,
          author: PERSON
        }),
      copy(id, title) {
        const page = must(id);
        const made = store.create({
          title,
          space: page.space,
          parent: page.parent,
          body: page.versions.at(-1)!.body,
          author: PERSON
        });
        for (const label of page.labels) store.label(made, label);
        return made;
      },
      file: (id, name) => must(id).files.get(name)?.bytes,
      page: must,
      body: id => must(id).versions.at(-1)!.body
    },
    limit(count, retryAfter) {
      moods.limited = count;
      moods.retryAfter = retryAfter;
    },
    stumble(writes) {
      moods.stumbling = writes;
    },
    forbid: what => void rights.adds.delete(what),
    close: () => server.close()
  };
}

/** The shape of an error: a list in the newer interface, one in the older. */
function refusal({ status, message }: Refused, path: string): unknown {
  if (path.startsWith('/api/v2/'))
    return {
      errors: [
        {
          status,
          code: status === 404 ? 'NOT_FOUND' : status === 409 ? 'CONFLICT' : 'BAD_REQUEST',
          title: message,
          detail: null
        }
      ]
    };
  const data = { authorized: status !== 403, valid: status !== 400, errors: [], successful: false };
  return {
    statusCode: status,
    data,
    message:
      status >= 400 && status !== 404
        ? `com.atlassian.confluence.api.service.exceptions.ServiceException: ${message}`
        : message,
    reason: 'Refused'
  };
}
