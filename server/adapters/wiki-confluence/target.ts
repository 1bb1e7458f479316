import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import type { WikiAttachment, WikiCall, WikiHint, WikiPage, WikiPageRef, WikiTarget } from '../../share/wiki/ports.js';
import { holdsMarker } from '../../share/wiki/region.js';
import { sameStorage } from '../../share/wiki/storage/canonical.js';
import { settled } from '../../share/wiki/storage/settle.js';
import { ConfluenceRefusal } from './answers.js';
import type { CommonApi, ConfluenceApi, ConfluencePage, ConfluenceSpace } from './api.js';
import { isSame } from './common.js';
import { quoted, titleSearch } from './cql.js';
import { pageTitle } from './titles.js';

export interface TargetOptions {
  /** Where pages go when nobody chose another place. */
  settings: { space: string; parent?: string | undefined };
  label: string;
  clock: Clock;
  api: ConfluenceApi;
  common: CommonApi;
}

/** Milliseconds to wait before a write is tried again that Confluence refused though nobody else wrote. */
const PAUSES = [1000, 2000, 4000];
const MOST = 50;

/** A Confluence of either kind as sharing wants it. */
export function createTarget({ settings, label, clock, api, common }: TargetOptions): WikiTarget {
  const { features } = api;

  async function mustSpace(key: string, call: WikiCall): Promise<ConfluenceSpace> {
    const space = await api.space(key, call);
    if (space) return space;
    throw new ProblemError(
      'target-not-found',
      `${label} has no space ${key} that Lakeside's account sees. Choose another space, or ask an administrator of that one to let the account in.`
    );
  }

  async function pageAt(pageId: string, call: WikiCall = {}): Promise<ConfluencePage | undefined> {
    return /^\d{1,20}$/.test(pageId) ? api.page(pageId, call) : undefined;
  }

  async function pageOf(title: string, space: string | undefined, call: WikiCall): Promise<ConfluencePage | undefined> {
    const found = await api.space(space ?? settings.space, call);
    const id = found && (await api.idOf(title, found, call));
    return id === undefined ? undefined : pageAt(id, call);
  }

  /** Id of the page below which a new one goes; undefined for the top of its space. */
  async function parentOf(parent: string | undefined, space: string, call: WikiCall): Promise<string | undefined> {
    if (parent !== undefined) {
      if (await pageAt(parent, call)) return parent;
      throw new ProblemError(
        'target-not-found',
        `The page below which this was to go is not in ${label} any more. Choose another one.`
      );
    }
    if (settings.parent === undefined || space !== settings.space) return undefined;
    const page = await pageOf(settings.parent, space, call);
    if (page) return page.id;
    throw new ProblemError(
      'target-not-found',
      `${label} has no page "${settings.parent}" in the space ${space}, below which the configuration puts pages. Make it, or correct "parent" in the configuration.`
    );
  }

  function mustFit(body: string): void {
    const size = Buffer.byteLength(body);
    if (size <= features.maxBodyBytes) return;
    throw new ProblemError(
      'target-too-large',
      `The page has ${size} bytes, and ${label} is given at most ${features.maxBodyBytes}. Hide the code or clear large outputs, or raise "maxPageBytes" in the configuration if the wiki takes more.`
    );
  }

  /** The page is found by its label when it was moved and renamed. A share does not fail for want of one. */
  async function putLabels(page: ConfluencePage, body: string, call: WikiCall): Promise<void> {
    for (const name of labelsOf(body).filter(each => !page.labels.includes(each))) {
      try {
        await common.label(page.id, name, call);
      } catch (error) {
        if (error instanceof ProblemError && error.code !== 'cancelled') return;
        throw error;
      }
    }
  }

  function gone(title: string): ProblemError {
    return new ProblemError(
      'target-not-found',
      `The page ${title}is not in ${label} any more: somebody deleted it. Restore it from the trash of its space, or publish it as a new page.`
    );
  }

  function overtaken(page: ConfluencePage): ProblemError {
    return new ProblemError(
      'target-conflict',
      `Somebody edited "${page.title}" in ${label} meanwhile. Look at the change, then share again.`
    );
  }

  /** Makes the next version of a page that is still at the one it was read at; Confluence itself refuses all others. */
  async function nextVersion(
    page: ConfluencePage,
    { body, summary }: { body: string; summary: string },
    call: WikiCall
  ): Promise<void> {
    const { id, title, number } = page;
    for (let attempt = 0; ; attempt++) {
      try {
        await api.update({ id, title, body, number: number + 1, summary }, call);
        return;
      } catch (error) {
        if (!(error instanceof ProblemError) || !UNCERTAIN.has(error.code)) throw error;
        const now = await pageAt(id, { signal: call.signal }).catch(() => undefined);
        if (now?.number === number + 1 && sameStorage(now.body, body)) return;
        if (error.code !== 'target-conflict' || now === undefined) throw error;
        if (now.number !== number) throw overtaken(now);
        // Nobody wrote: Confluence is still busy with the version before.
        const wait = PAUSES[attempt];
        if (wait === undefined) throw error;
        await pause(wait, call);
      }
    }
  }

  async function pause(milliseconds: number, { signal }: WikiCall): Promise<void> {
    await clock.sleep(milliseconds, signal).catch(() => {
      throw new ProblemError('cancelled', 'Sharing was cancelled.');
    });
  }

  async function found(marker: string, hint: WikiHint, call: WikiCall): Promise<WikiPage[]> {
    const holding = (pages: readonly (ConfluencePage | undefined)[]): WikiPage[] =>
      pages.flatMap(page => (page ? [toPage(page)] : [])).filter(page => holdsMarker(page.body, 'confluence', marker));
    const byId = hint.pageId === undefined ? [] : holding([await pageAt(hint.pageId, call)]);
    if (byId.length > 0) return byId;
    if (hint.title !== undefined) {
      const byTitle = holding([await pageOf(pageTitle(hint.title), hint.space, call)]);
      if (byTitle.length > 0) return byTitle;
    }
    const cql = `type = page and label = ${quoted(labelOf(marker))}`;
    const pages: (ConfluencePage | undefined)[] = [];
    for (const { id } of await common.search(cql, 20, call)) pages.push(await pageAt(id, call));
    return holding(pages);
  }

  return {
    async check(call = {}) {
      const account = await common.account(call);
      const software = await api.software(call);
      const space = await api.space(settings.space, call);
      const lacks = space
        ? await api.lacks(space, account, call)
        : [
            `The account ${account} sees no space ${settings.space}. Correct "space" in the configuration, or ask an administrator of that space to let the account in.`
          ];
      return { features, account, software, lacks, ...(space && { home: { id: space.key, name: space.name } }) };
    },

    async spaces(query, call = {}) {
      const wanted = query.trim().toLowerCase();
      // A key finds its space, however many there are.
      const exact = wanted === '' ? undefined : await api.space(query.trim(), call);
      const all = [...(exact ? [exact] : []), ...(await api.spaces(call)).filter(space => !space.isPersonal)];
      const fitting = all.filter(({ key, name }) => `${key} ${name}`.toLowerCase().includes(wanted));
      const first = (space: ConfluenceSpace): number => (space === exact || space.key === settings.space ? 0 : 1);
      fitting.sort((a, b) => first(a) - first(b));
      const byKey = new Map(fitting.map(({ key, name }) => [key, { id: key, name }]));
      return [...byKey.values()].slice(0, MOST);
    },

    async parents(query, { space }, call = {}) {
      const where = space === undefined ? '' : ` and space = ${quoted(space)}`;
      const words = titleSearch(query);
      const cql =
        words === undefined
          ? `type = page and space = ${quoted(space ?? settings.space)} order by lastmodified desc`
          : `type = page${where} and title ~ ${words}`;
      // The index lags: a title that is there word by word is found at once.
      const exact = query.trim() === '' ? undefined : await pageOf(query.trim(), space, call);
      const pages = [...(exact ? [toRef(exact)] : []), ...(await common.search(cql, MOST, call))];
      return [...new Map(pages.map(page => [page.id, page])).values()].slice(0, MOST);
    },

    find: (marker, hint, call = {}) => found(marker, hint, call),

    async read(pageId, call) {
      const page = await pageAt(pageId, call);
      return page && toPage(page);
    },

    async create({ title: given, space: key = settings.space, parent, body, summary }, call = {}) {
      mustFit(body);
      const title = pageTitle(given);
      const space = await mustSpace(key, call);
      const below = await parentOf(parent, key, call);
      let page: ConfluencePage | undefined;
      try {
        page = await pageAt(await api.create({ title, space, parent: below, body, summary }, call), call);
        if (page === undefined) throw gone('');
      } catch (error) {
        if (!(error instanceof ProblemError) || !UNCERTAIN.has(error.code)) throw error;
        // A page that was made although nobody heard of it is this one, word for word.
        page = await pageOf(title, key, { signal: call.signal }).catch(() => undefined);
        if (page === undefined || !sameStorage(page.body, body)) throw titleTaken(error, title);
      }
      await putLabels(page, body, call);
      return toPage(page);
    },

    async missing(pageId, attachments, call = {}) {
      const held = new Map((await api.attachments(pageId, call)).map(each => [each.name, each]));
      return attachments.filter(each => {
        const there = held.get(each.name);
        return there === undefined || !isSame(there, each);
      });
    },

    async upload(pageId, attachment: WikiAttachment, call = {}) {
      await common.upload(pageId, attachment, () => api.attachments(pageId, call), call);
    },

    async write(pageId, { base, body, summary }, call = {}) {
      mustFit(body);
      const page = await pageAt(pageId, call);
      if (page === undefined) throw gone('');
      if (String(page.number) !== base) throw overtaken(page);
      await putLabels(page, body, call);
      await nextVersion(page, { body, summary }, call);
      const now = await pageAt(pageId, call);
      if (now === undefined) throw gone(`"${page.title}" `);
      // Somebody wrote on it since: what this made is the version before.
      return now.number > page.number + 1 ? { ...toPage(now), version: String(page.number + 1), body } : toPage(now);
    },

    close: () => Promise.resolve()
  };

  function titleTaken(error: ProblemError, title: string): ProblemError {
    if (!(error instanceof ConfluenceRefusal) || !/already exists/i.test(error.reason)) return error;
    const sentence = `${label} has a page "${title}" already, which Lakeside did not make. Choose another title.`;
    return new ProblemError('target-conflict', sentence, { errors: [{ field: 'title', message: sentence }] });
  }
}

/** After these a write may have happened. */
const UNCERTAIN = new Set<ProblemError['code']>([
  'target-conflict',
  'target-unreachable',
  'target-failed',
  'target-busy',
  'target-signin',
  'target-not-found'
]);

/** The label of a page: labels are small letters, and the index finds them wherever the page went. */
function labelOf(marker: string): string {
  return `lakeside-${marker.toLowerCase()}`;
}

function labelsOf(body: string): string[] {
  const markers = [...body.matchAll(/>lakeside-begin-([A-Za-z0-9-]+)</g)].map(([, marker = '']) => labelOf(marker));
  return [...new Set(markers)];
}

function toRef({ id, title, space, url }: ConfluencePage): WikiPageRef {
  return { id, title, space, url };
}

function toPage(page: ConfluencePage): WikiPage {
  const { number, body, editor, editedAt } = page;
  return {
    ...toRef(page),
    version: String(number),
    body: settled(body),
    ...(editor !== undefined && { editor }),
    ...(editedAt !== undefined && { editedAt })
  };
}
