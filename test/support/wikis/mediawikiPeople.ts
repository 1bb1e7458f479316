import * as z from 'zod';
import { MediaWikiSession } from '../../../server/adapters/wiki-mediawiki/session.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import type { MediaWikiServer } from './mediawiki.js';

const Any = z.unknown();
const Page = z.object({
  query: z.object({
    pages: z.array(
      z.object({
        title: z.string(),
        revisions: z.array(z.object({ slots: z.object({ main: z.object({ content: z.string() }) }) })).optional(),
        imageinfo: z.array(z.object({ url: z.string() })).optional()
      })
    )
  })
});
const Listed = z.object({
  query: z
    .object({
      pages: z.array(
        z.object({
          pageid: z.number(),
          title: z.string(),
          revisions: z.array(z.object({ slots: z.object({ main: z.object({ content: z.string() }) }) }))
        })
      )
    })
    .optional()
});
const Rendered = z.object({ parse: z.object({ text: z.string() }) });

/** What a person does in a MediaWiki, through its API and with all rights. */
export interface MediaWikiPeople {
  edit: (pageId: string, change: (body: string) => string) => Promise<void>;
  /** Writes the whole text of a page. */
  put: (pageId: string, body: string) => Promise<void>;
  rename: (pageId: string, title: string) => Promise<void>;
  remove: (pageId: string) => Promise<void>;
  restore: (title: string) => Promise<void>;
  add: (title: string, body: string) => Promise<void>;
  file(name: string): Promise<Uint8Array | undefined>;
  /** The pages whose titles begin so; without those that only lead to another one. */
  pages(beginning: string): Promise<{ id: string; title: string; body: string }[]>;
  /** HTML as the wiki's own parser makes it of a text. */
  render(wikitext: string): Promise<string>;
}

/** Signs the administrator in. */
export function mediaWikiPeople(server: MediaWikiServer): MediaWikiPeople {
  const session = new MediaWikiSession({ api: server.api, ...server.admin, label: 'The wiki', clock: systemClock });
  const get = async (which: Record<string, string>) =>
    (
      await session.get(Page, {
        action: 'query',
        prop: 'revisions|imageinfo',
        rvprop: 'content',
        rvslots: 'main',
        iiprop: 'url',
        ...which
      })
    ).query.pages[0];
  const change = (parameters: Record<string, string>) => session.change(Any, parameters, {});
  const put = async (pageId: string, text: string): Promise<void> => {
    await change({ action: 'edit', pageid: pageId, text, summary: 'By hand' });
  };
  return {
    async edit(pageId, alter) {
      const body = (await get({ pageids: pageId }))?.revisions?.[0]?.slots.main.content ?? '';
      await put(pageId, alter(body));
    },
    put,
    async rename(pageId, title) {
      await change({ action: 'move', fromid: pageId, to: title, reason: 'Tidying' });
    },
    async remove(pageId) {
      await change({ action: 'delete', pageid: pageId });
    },
    async restore(title) {
      await change({ action: 'undelete', title });
    },
    async add(title, body) {
      await change({ action: 'edit', title, text: body, createonly: '1' });
    },
    async file(name) {
      const url = (await get({ titles: `File:${name}` }))?.imageinfo?.[0]?.url;
      const answer = url === undefined ? undefined : await fetch(url);
      return answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
    },
    async pages(beginning) {
      const { query } = await session.get(Listed, {
        action: 'query',
        generator: 'allpages',
        gapprefix: beginning,
        gapfilterredir: 'nonredirects',
        gaplimit: 'max',
        prop: 'revisions',
        rvprop: 'content',
        rvslots: 'main'
      });
      return (query?.pages ?? []).map(({ pageid, title, revisions }) => ({
        id: String(pageid),
        title,
        body: revisions[0]?.slots.main.content ?? ''
      }));
    },
    async render(wikitext) {
      const parameters = {
        action: 'parse',
        text: wikitext,
        contentmodel: 'wikitext',
        title: 'Rendering',
        prop: 'text',
        disablelimitreport: '1',
        disableeditsection: '1',
        pst: '1'
      };
      return (await session.ask(Rendered, parameters)).parse.text;
    }
  };
}
