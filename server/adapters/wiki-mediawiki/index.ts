import { openAsBlob } from 'node:fs';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import type { WikiAttachment, WikiCall, WikiPage, WikiPageRef, WikiSpace, WikiTarget } from '../../share/wiki/ports.js';
import { holdsMarker } from '../../share/wiki/region.js';
import { MediaWikiRefusal } from './answers.js';
import { MediaWikiSession } from './session.js';
import type { MediaWikiSettings } from './settings.js';
import { lookAround, type Site } from './site.js';
import { pageTitle } from './titles.js';

export { MediaWikiSettings } from './settings.js';

export interface MediaWikiOptions {
  settings: MediaWikiSettings;
  /** The bot password. */
  password: string;
  /** What people call this wiki. */
  label: string;
  clock: Clock;
  /** How long a call may take, and how long it may wait where the wiki asks to, in milliseconds. */
  timeoutMs?: number;
  patienceMs?: number;
}

const Revision = z.object({
  revid: z.number(),
  user: z.string().optional(),
  timestamp: z.string().optional(),
  slots: z.object({ main: z.object({ content: z.string().optional() }) })
});
const Page = z.object({
  pageid: z.number().optional(),
  ns: z.number().optional(),
  title: z.string().optional(),
  missing: z.boolean().optional(),
  fullurl: z.string().optional(),
  revisions: z.array(Revision).optional()
});
const Pages = z.object({ query: z.object({ pages: z.array(Page).default([]) }).optional() });
const Found = z.object({ query: z.object({ search: z.array(z.object({ pageid: z.number() })) }) });
const Edited = z.object({
  edit: z.object({
    result: z.string(),
    pageid: z.number().optional(),
    info: z.string().optional(),
    code: z.string().optional()
  })
});
const Uploaded = z.object({ upload: z.object({ result: z.string() }) });
const Files = z.object({
  query: z.object({
    pages: z.array(
      z.object({ title: z.string(), imageinfo: z.array(z.object({ sha1: z.string().optional() })).optional() })
    )
  })
});

/** How many titles one question may name. */
const BATCH = 50;
/** What was found out about the wiki is looked at anew after so long. */
const SITE_MS = 10 * 60_000;

/** A MediaWiki 1.39 or newer, through its action API, signed in with a bot password. */
export function createMediaWikiTarget(options: MediaWikiOptions): WikiTarget {
  const { settings, label, clock } = options;
  const session = new MediaWikiSession({ ...options, api: settings.api, user: settings.user });
  let known: { site: Site; at: number } | undefined;

  async function site({ signal }: WikiCall = {}): Promise<Site> {
    if (known === undefined || clock.monotonic() - known.at > SITE_MS)
      known = { site: await lookAround(session, signal), at: clock.monotonic() };
    return known.site;
  }

  async function pages(which: Record<string, string>, call: WikiCall = {}): Promise<WikiPage[]> {
    const { query } = await session.get(
      Pages,
      {
        action: 'query',
        prop: 'revisions|info',
        rvprop: 'ids|content|user|timestamp',
        rvslots: 'main',
        inprop: 'url',
        ...which
      },
      call
    );
    return (query?.pages ?? []).flatMap(page => toPage(page) ?? []);
  }

  async function pageAt(pageId: string, call?: WikiCall): Promise<WikiPage | undefined> {
    return /^\d+$/.test(pageId) ? (await pages({ pageids: pageId }, call))[0] : undefined;
  }

  async function titleOf(
    place: { title: string; space?: string | undefined; parent?: string | undefined },
    call?: WikiCall
  ): Promise<string> {
    const { namespaces, prefixes } = await site(call);
    const parent =
      place.parent === undefined
        ? place.space === undefined
          ? settings.parent
          : undefined
        : (await pageAt(place.parent, call))?.title;
    if (place.parent !== undefined && parent === undefined)
      throw new ProblemError(
        'target-not-found',
        `The page below which this was to go is not in ${label} any more. Choose another one.`
      );
    const space = place.space ?? settings.space;
    const name = namespaces.get(space);
    if (name === undefined)
      throw new ProblemError('target-not-found', `${label} has no namespace ${space} for pages. Choose another space.`);
    const prefix = parent === undefined ? (name === '' ? '' : `${name}:`) : `${parent}/`;
    return prefix + pageTitle(place.title, { prefix, prefixes });
  }

  async function search(marker: string, call: WikiCall): Promise<WikiPage[]> {
    const { cirrus } = await site(call);
    const srsearch = cirrus ? `insource:"${marker}"` : marker;
    const parameters = {
      action: 'query',
      list: 'search',
      srsearch,
      srnamespace: '*',
      srwhat: 'text',
      srlimit: '20',
      srprop: ''
    };
    const { query } = await session.get(Found, parameters, call);
    return query.search.length === 0
      ? []
      : pages({ pageids: query.search.map(({ pageid }) => pageid).join('|') }, call);
  }

  /** Makes an edit; where the connection broke, looks whether it was made. */
  async function edit(
    parameters: Record<string, string>,
    body: string,
    made: () => Promise<WikiPage | undefined>,
    call: WikiCall
  ): Promise<WikiPage> {
    const text = body.normalize('NFC').trimEnd();
    const md5 = createHash('md5').update(text).digest('hex');
    try {
      const { edit: answer } = await session.change(
        Edited,
        { action: 'edit', text, md5, bot: '1', contentmodel: 'wikitext', ...parameters },
        call
      );
      if (answer.result !== 'Success')
        throw new MediaWikiRefusal(
          label,
          answer.code ?? 'captcha',
          answer.info ?? 'it asks for a proof that a person edits.'
        );
      const page = answer.pageid === undefined ? undefined : await pageAt(String(answer.pageid), call);
      if (page) return page;
      throw new ProblemError(
        'target-not-found',
        `The page was deleted from ${label} at the very moment it was written. Publish it as a new page.`
      );
    } catch (error) {
      const { code } = error as Partial<ProblemError>;
      const page =
        code === 'target-unreachable' || code === 'target-failed' ? await made().catch(() => undefined) : undefined;
      if (page?.body === text) return page;
      throw error;
    }
  }

  return {
    async check(call) {
      known = undefined;
      const { standing, namespaces } = await site(call);
      return { ...standing, home: homeOf(namespaces, settings) };
    },

    async spaces(query, call) {
      const { namespaces } = await site(call);
      const all = [...namespaces].map(toSpace);
      const wanted = query.trim().toLowerCase();
      return all.filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, 50);
    },

    async parents(query, { space }, call) {
      const wanted = query.trim();
      const { namespaces } = await site(call);
      const ns = space ?? [...namespaces.keys()].join('|');
      const generator: Record<string, string> =
        wanted === ''
          ? {
              generator: 'allpages',
              gapnamespace: space ?? settings.space,
              gaplimit: '50',
              gapfilterredir: 'nonredirects'
            }
          : { generator: 'prefixsearch', gpssearch: wanted, gpsnamespace: ns, gpslimit: '50' };
      const parameters = { action: 'query', prop: 'info', inprop: 'url', ...generator };
      const { query: answer } = await session.get(Pages, parameters, call);
      return (answer?.pages ?? []).flatMap(page => toRef(page) ?? []);
    },

    async find(marker, hint, call = {}) {
      const holding = (found: readonly (WikiPage | undefined)[]): WikiPage[] =>
        found.filter(page => page !== undefined).filter(page => holdsMarker(page.body, 'mediawiki', marker));
      const byId = hint.pageId === undefined ? [] : holding([await pageAt(hint.pageId, call)]);
      if (byId.length > 0) return byId;
      if (hint.title !== undefined) {
        const titles = [hint.title, await titleOf({ ...hint, title: hint.title }, call).catch(() => hint.title ?? '')];
        const byTitle = holding(
          await pages({ titles: [...new Set(titles)].filter(isTitle).join('|'), redirects: '1' }, call)
        );
        if (byTitle.length > 0) return byTitle;
      }
      return holding(await search(marker, call));
    },

    read: pageAt,

    async create({ title, space, parent, body, summary }, call = {}) {
      const wanted = await titleOf({ title, space, parent }, call);
      const made = async (): Promise<WikiPage | undefined> => (await pages({ titles: wanted }))[0];
      try {
        return await edit({ title: wanted, createonly: '1', summary }, body, made, call);
      } catch (error) {
        if (!(error instanceof MediaWikiRefusal) || error.reason !== 'articleexists') throw error;
        const sentence = `${label} has a page "${wanted}" already, which Lakeside did not make. Choose another title.`;
        throw new ProblemError('target-conflict', sentence, { errors: [{ field: 'title', message: sentence }] });
      }
    },

    async missing(_pageId, attachments, call) {
      const held = new Map<string, string>();
      for (let at = 0; at < attachments.length; at += BATCH) {
        const titles = attachments.slice(at, at + BATCH).map(({ name }) => `File:${name}`);
        const parameters = { action: 'query', prop: 'imageinfo', iiprop: 'sha1', titles: titles.join('|') };
        const { query } = await session.ask(Files, parameters, call);
        for (const { title, imageinfo } of query.pages) {
          const sha1 = imageinfo?.[0]?.sha1;
          if (sha1 !== undefined) held.set(fileKey(title.slice(title.indexOf(':') + 1)), sha1);
        }
      }
      const isMissing = await Promise.all(
        attachments.map(
          async each => held.get(fileKey(each.name)) !== (held.has(fileKey(each.name)) ? await sha1Of(each) : '')
        )
      );
      return attachments.filter((_, at) => isMissing[at]);
    },

    async upload(_pageId, attachment, call = {}) {
      const blob = await openAsBlob(attachment.file, { type: attachment.type });
      const parameters = {
        action: 'upload',
        filename: attachment.name,
        comment: 'A figure of a notebook, uploaded by Lakeside; its name is its content.',
        ignorewarnings: '1'
      };
      try {
        await session.change(Uploaded, parameters, call, { name: attachment.name, blob });
      } catch (error) {
        // The same bytes are there under this name.
        if (error instanceof MediaWikiRefusal && error.reason === 'fileexists-no-change') return;
        throw error;
      }
    },

    write(pageId, { base, body, summary }, call = {}) {
      // Without a time: with one, MediaWiki takes a stale edit of the same account for a person's second thought.
      return edit({ pageid: pageId, nocreate: '1', baserevid: base, summary }, body, () => pageAt(pageId), call);
    },

    close: () => Promise.resolve()
  };
}

/** A page that is there; undefined for one that was deleted or never was. */
function toRef({ pageid, ns, title, fullurl, missing }: z.infer<typeof Page>): WikiPageRef | undefined {
  if (missing === true || pageid === undefined || ns === undefined || title === undefined || fullurl === undefined)
    return undefined;
  return { id: String(pageid), title, space: String(ns), url: fullurl };
}

function toPage(page: z.infer<typeof Page>): WikiPage | undefined {
  const ref = toRef(page);
  const revision = page.revisions?.[0];
  if (!ref || !revision) return undefined;
  const { user, timestamp } = revision;
  return {
    ...ref,
    version: String(revision.revid),
    body: revision.slots.main.content ?? '',
    ...(user !== undefined && { editor: user }),
    ...(timestamp !== undefined && { editedAt: timestamp })
  };
}

/** A title that can be asked for together with others. */
function isTitle(title: string): boolean {
  return title !== '' && !/[#<>[\]{}|]/.test(title);
}

/** MediaWiki writes the first letter of a name large, and blanks for underscores. */
function fileKey(name: string): string {
  return name.replaceAll(' ', '_').toLowerCase();
}

async function sha1Of({ file }: WikiAttachment): Promise<string> {
  return createHash('sha1')
    .update(await readFile(file))
    .digest('hex');
}

function toSpace([id, name]: readonly [string, string]): WikiSpace {
  return { id, name: name === '' ? 'Main' : name };
}

/** Where pages go by themselves: below a page, in the namespace of that, else in the one that the settings name. */
function homeOf(
  namespaces: ReadonlyMap<string, string>,
  { space, parent }: Pick<MediaWikiSettings, 'space' | 'parent'>
): WikiSpace | undefined {
  const prefix = parent?.includes(':') === true ? parent.slice(0, parent.indexOf(':')).trim().toLowerCase() : '';
  const above = [...namespaces].find(([, name]) => name !== '' && name.toLowerCase() === prefix)?.[0] ?? '0';
  const id = parent === undefined ? space : above;
  const name = namespaces.get(id);
  return name === undefined ? undefined : toSpace([id, name]);
}
