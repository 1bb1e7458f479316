import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { DokuWikiRefusal } from '../../../server/adapters/wiki-dokuwiki/answers.js';
import { pageId as nameOf } from '../../../server/adapters/wiki-dokuwiki/names.js';
import { DokuWikiSession } from '../../../server/adapters/wiki-dokuwiki/session.js';
import { Cookies } from '../../../server/share/wiki/cookies.js';
import type { DokuWikiServer } from './dokuwiki.js';

/** DokuWiki's number for a page that somebody else is writing; the release of 2022 tells none. */
const LOCKED = 133;

const Text = z.string();
const Listed = z.array(z.object({ id: z.string() }));

/** What a person does in a DokuWiki, with all rights. */
export interface DokuWikiPeople {
  edit: (pageId: string, change: (body: string) => string) => Promise<void>;
  /** Writes the whole text of a page. */
  put: (pageId: string, body: string) => Promise<void>;
  /** As people do where no plug-in moves pages: they copy the text and delete the old page. @returns the new id */
  rename: (pageId: string, title: string) => Promise<string>;
  remove: (pageId: string) => Promise<void>;
  /** Brings back what was removed through this. */
  restore: (pageId: string) => Promise<void>;
  add: (title: string, body: string) => Promise<string>;
  file: (id: string) => Promise<Uint8Array | undefined>;
  /** HTML as the wiki makes it of a text. */
  render: (text: string) => Promise<string>;
  /** The pages of a namespace. */
  pages: (namespace: string) => Promise<{ id: string; body: string }[]>;
}

/** Signs the administrator in. */
export function dokuWikiPeople(server: DokuWikiServer): DokuWikiPeople {
  const session = new DokuWikiSession({
    base: new URL(server.base),
    ...server.admin,
    label: 'The wiki',
    clock: systemClock
  });
  const removed = new Map<string, string>();
  const get = (id: string) => session.ask(Text, ['wiki.getPage', id]);
  const put = (id: string, text: string) =>
    session.change(z.literal(true), ['wiki.putPage', id, text, { sum: 'By hand', minor: false }]);
  const people: DokuWikiPeople = {
    async edit(id, change) {
      await againWhileLocked(async () => put(id, change(await get(id))));
    },
    async put(id, body) {
      await put(id, body);
    },
    async rename(id, title) {
      const to = nameOf(id.slice(0, Math.max(0, id.lastIndexOf(':'))), title);
      await put(to, await get(id));
      await people.remove(id);
      return to;
    },
    async remove(id) {
      removed.set(id, await get(id));
      await put(id, '');
    },
    async restore(id) {
      await put(id, removed.get(id) ?? '');
    },
    async add(title, body) {
      const id = nameOf('', title);
      await put(id, body);
      return id;
    },
    async file(id) {
      const answer = await fetch(new URL(`lib/exe/fetch.php?media=${id}`, server.base));
      return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
    },
    async render(text) {
      await put('rendering', text);
      return session.ask(Text, ['wiki.getPageHTML', 'rendering']);
    },
    async pages(namespace) {
      const listed = await session.ask(Listed, ['dokuwiki.getPagelist', namespace, { depth: 0 }]);
      return Promise.all(listed.map(async ({ id }) => ({ id, body: await get(id) })));
    }
  };
  return people;
}

/** As a person does whose save was refused because a share that was killed is still being written: begins again. */
async function againWhileLocked<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const isLocked = error instanceof DokuWikiRefusal && (error.number === undefined || error.number === LOCKED);
      if (!isLocked || tries === 20) throw error;
      await sleep(250);
    }
  }
}

/** A person who signs in in the browser and opens a page in the editor, which locks it. */
export async function openInEditor(server: DokuWikiServer, pageId: string): Promise<{ leave(): Promise<void> }> {
  const cookies = new Cookies();
  const visit = async (fields: Record<string, string>): Promise<string> => {
    const answer = await fetch(new URL('doku.php', server.base), {
      method: 'POST',
      headers: { cookie: cookies.header },
      body: new URLSearchParams(fields),
      redirect: 'manual'
    });
    cookies.keep(answer.headers);
    return answer.text();
  };
  const { user, password } = server.ada;
  const first = await visit({ id: pageId, do: 'login' });
  const token = (html: string): string => /name="sectok" value="([^"]*)"/.exec(html)?.[1] ?? '';
  await visit({ id: pageId, do: 'login', u: user, p: password, sectok: token(first) });
  const editor = await visit({ id: pageId, do: 'edit' });
  if (!editor.includes('name="wikitext"')) throw new Error(`${user} got no editor for ${pageId}`);
  return {
    async leave() {
      await visit({ id: pageId, 'do[cancel]': '1', sectok: token(editor) });
    }
  };
}
