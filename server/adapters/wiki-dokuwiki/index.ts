import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import type { WikiCall, WikiPage, WikiStanding, WikiTarget } from '../../share/wiki/ports.js';
import { holdsMarker } from '../../share/wiki/region.js';
import { DokuWikiRefusal } from './answers.js';
import { createMedia } from './media.js';
import { baseUrl, namespaceOf, namespaceOfPage, pageId, spaceOf } from './names.js';
import { createPages } from './pages.js';
import { DokuWikiSession } from './session.js';
import type { DokuWikiSettings } from './settings.js';
import { Level, levelAt, lookAround } from './site.js';

export { DokuWikiSettings } from './settings.js';

export interface DokuWikiOptions {
  settings: DokuWikiSettings;
  password: string;
  /** What people call this wiki. */
  label: string;
  clock: Clock;
  /** How long a call may take, and how long it may wait where the wiki asks to, in milliseconds. */
  timeoutMs?: number;
  patienceMs?: number;
}

const Found = z.array(z.object({ id: z.string() }));
const Changed = z.array(z.object({ name: z.string() }));

/** What was found out about the wiki is looked at anew after so long. */
const STANDING_MS = 10 * 60_000;
/** So deep and so many: a wiki may have a hundred thousand pages, and a chooser shows a few. */
const DEPTH = 3;
const MOST_SPACES = 50;
const MOST_FOUND = 20;
/** A page that was moved is searched among those that changed last, since the wiki indexes pages when they are read. */
const RECENT_S = 24 * 60 * 60;
const MOST_RECENT = 50;

/** A DokuWiki through its remote API, signed in with the password of an account. */
export function createDokuWikiTarget(options: DokuWikiOptions): WikiTarget {
  const { settings, label, clock } = options;
  const base = baseUrl(settings.url);
  const [home, figures] = [namespaceOf(settings.space), namespaceOf(settings.figures)];
  const session = new DokuWikiSession({ ...options, base, user: settings.user });
  const pages = createPages({ session, base, label });
  const media = createMedia({ session, namespace: figures, label });
  let known: { standing: WikiStanding; at: number } | undefined;

  async function standing(call?: WikiCall): Promise<WikiStanding> {
    if (known === undefined || clock.monotonic() - known.at > STANDING_MS) {
      const account = { session, user: settings.user, label, space: home, figures };
      const usual = { id: spaceOf(home), name: nameOf(home) };
      known = { standing: { ...(await lookAround(account, call)), home: usual }, at: clock.monotonic() };
    }
    return known.standing;
  }

  async function fits(body: string, call: WikiCall): Promise<void> {
    const { maxBodyBytes } = (await standing(call)).features;
    if (Buffer.byteLength(body) <= maxBodyBytes) return;
    throw new ProblemError(
      'target-too-large',
      `The page has more than the ${maxBodyBytes / 1024} KiB that ${label} can show. Hide the code or clear large outputs.`
    );
  }

  /** The pages among some that hold the marker now. */
  async function holding(marker: string, ids: Iterable<string>, call?: WikiCall): Promise<WikiPage[]> {
    const found = new Map<string, WikiPage>();
    for (const id of ids) {
      const page = await pages.read(id, call);
      if (page && holdsMarker(page.body, 'dokuwiki', marker)) found.set(page.id, page);
    }
    return [...found.values()];
  }

  async function search(marker: string, call?: WikiCall): Promise<string[]> {
    const found = await session.ask(Found, ['dokuwiki.search', marker], call);
    return found.slice(0, MOST_FOUND).map(({ id }) => id);
  }

  /** Pages that changed lately, the last one first. */
  async function recent(call?: WikiCall): Promise<string[]> {
    const since = Math.floor(clock.now() / 1000) - RECENT_S;
    const changes = await session
      .ask(Changed, ['wiki.getRecentChanges', since], call)
      .catch((error: unknown): z.infer<typeof Changed> => {
        // So it says that there are none.
        if (error instanceof DokuWikiRefusal) return [];
        throw error;
      });
    return [...new Set(changes.map(({ name }) => name))].slice(0, MOST_RECENT);
  }

  return {
    check(call) {
      known = undefined;
      return standing(call);
    },

    async spaces(query, call) {
      const wanted = namespaceOf(query);
      // Who names a namespace sees what lies in it.
      const above = query.includes(':') ? namespaceOfPage(query.trim().toLowerCase()) : '';
      const listed = await session.ask(Found, ['dokuwiki.getPagelist', above, { depth: depthOf(above) + DEPTH }], call);
      const all = new Set(['', home, ...listed.flatMap(({ id }) => upwards(namespaceOfPage(id)))]);
      const fitting = [...all]
        .filter(name => nameOf(name).toLowerCase().includes(wanted))
        .sort(byDepth(home))
        .slice(0, MOST_SPACES);
      const levels = await Promise.all(fitting.map(name => levelAt(session, name, call)));
      return fitting
        .filter((_, at) => (levels[at] ?? Level.none) >= Level.create)
        .map(name => ({ id: spaceOf(name), name: nameOf(name) }));
    },

    parents: () => Promise.resolve([]),

    async find(marker, hint, call) {
      const byId = await holding(marker, hint.pageId === undefined ? [] : [hint.pageId], call);
      if (byId.length > 0) return byId;
      if (hint.title !== undefined) {
        const id = pageId(namespaceOf(hint.space ?? home), hint.title);
        const byTitle = await holding(marker, [id], call);
        if (byTitle.length > 0) return byTitle;
      }
      const bySearch = await holding(marker, await search(marker, call), call);
      if (bySearch.length > 0 || (hint.title !== undefined && hint.pageId === undefined)) return bySearch;
      return holding(marker, await recent(call), call);
    },

    read: pages.read,

    async create({ title, space, body, summary }, call = {}) {
      await fits(body, call);
      const id = pageId(namespaceOf(space ?? home), title);
      const check = (now: WikiPage | undefined): void => {
        if (!now) return;
        const sentence = `${label} has a page ${now.id} already, which Lakeside did not make. Choose another title.`;
        throw new ProblemError('target-conflict', sentence, { errors: [{ field: 'title', message: sentence }] });
      };
      return pages.write(id, { body, summary, check }, call);
    },

    missing: (_pageId, attachments, call) => media.missing(attachments, call),

    upload: (_pageId, attachment, call) => media.upload(attachment, call),

    async write(id, { base: version, body, summary }, call = {}) {
      await fits(body, call);
      const check = (now: WikiPage | undefined): void => {
        if (!now)
          throw new ProblemError(
            'target-not-found',
            `The page ${id} is not in ${label} any more: it was deleted or moved. Share again, or publish it as a new page.`
          );
        if (now.version !== version)
          throw new ProblemError(
            'target-conflict',
            `${now.editor ?? 'Somebody'} changed the page ${id} in ${label} meanwhile. Look at the change, then share again.`
          );
      };
      return pages.write(id, { body, summary, check }, call);
    },

    close: () => Promise.resolve()
  };
}

/** What people read of a namespace. */
function nameOf(namespace: string): string {
  return namespace === '' ? 'Root' : namespace;
}

/** A namespace and all above it, but for the uppermost one. */
function upwards(namespace: string): string[] {
  const parts = namespace === '' ? [] : namespace.split(':');
  return parts.map((_, at) => parts.slice(0, at + 1).join(':'));
}

function depthOf(namespace: string): number {
  return namespace === '' ? 0 : namespace.split(':').length;
}

/** The usual namespace first, then the uppermost ones. */
function byDepth(home: string): (a: string, b: string) => number {
  return (a, b) => Number(b === home) - Number(a === home) || depthOf(a) - depthOf(b) || (a < b ? -1 : 1);
}
