import { openAsBlob } from 'node:fs';
import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import type { WikiAttachment, WikiPageRef } from '../../share/wiki/ports.js';
import type { CommonApi, HeldAttachment } from './api.js';
import { ConfluenceRefusal } from './answers.js';
import type { ConfluenceSession } from './session.js';

const User = z.object({
  type: z.string(),
  accountId: z.string().optional(),
  username: z.string().optional(),
  displayName: z.string().optional()
});
const Links = z.object({ base: z.string().optional(), webui: z.string().optional() });
const Found = z.object({
  results: z.array(
    z.object({
      id: z.union([z.string(), z.number()]),
      title: z.string(),
      space: z.object({ key: z.string() }).optional(),
      _links: Links.optional()
    })
  ),
  _links: Links.optional()
});
const Anything = z.unknown();

/** What the older interface does on Cloud as on Data Center: who one is, searches, labels, files. */
export function createCommonApi(session: ConfluenceSession, site: string): CommonApi {
  return {
    async account(call) {
      const user = await session.get(User, '/rest/api/user/current', {}, call);
      if (user.type === 'anonymous')
        throw new ProblemError(
          'target-signin',
          `${session.label} takes Lakeside for an anonymous reader. Make a new token and put it where the configuration says.`
        );
      return user.displayName ?? user.username ?? user.accountId ?? 'unknown';
    },

    async search(cql, limit, call) {
      const found = await session.get(Found, '/rest/api/content/search', { cql, limit, expand: 'space' }, call);
      return found.results.flatMap(({ id, title, space, _links }): WikiPageRef[] =>
        space === undefined
          ? []
          : [{ id: String(id), title, space: space.key, url: `${found._links?.base ?? site}${_links?.webui ?? ''}` }]
      );
    },

    async label(pageId, name, call) {
      await session.change(Anything, 'POST', `/rest/api/content/${pageId}/label`, [{ prefix: 'global', name }], call);
    },

    async upload(pageId, attachment, held, call) {
      const blob = await openAsBlob(attachment.file, { type: attachment.type });
      const form = (): FormData => {
        const data = new FormData();
        data.set('file', blob, attachment.name);
        data.set('comment', commentOf(attachment));
        data.set('minorEdit', 'true');
        return data;
      };
      const path = `/rest/api/content/${pageId}/child/attachment`;
      try {
        await session.send(Anything, path, form, call);
      } catch (error) {
        if (!(error instanceof ConfluenceRefusal) || !/same file name/i.test(error.reason)) throw error;
        const there = (await held()).find(({ name }) => name === attachment.name);
        if (there && isSame(there, attachment)) return;
        if (there === undefined) throw error;
        await session.send(Anything, `${path}/${there.id}/data`, form, call);
      }
    }
  };
}

/** Whether an attachment that is there has these bytes. Its comment says so: a person who replaces a file has another one. */
export function isSame(held: HeldAttachment, { size, sha256 }: Pick<WikiAttachment, 'size' | 'sha256'>): boolean {
  return (held.size === undefined || held.size === size) && held.comment.includes(digest(sha256));
}

function commentOf({ sha256 }: WikiAttachment): string {
  return `A figure of a notebook, from Lakeside. ${digest(sha256)}`;
}

/** In pieces: the search index of some servers takes no longer words. */
function digest(sha256: string): string {
  return (sha256.match(/.{1,16}/g) ?? []).join(' ');
}

/** Where a person reads a page. */
export function addressOf(links: { base?: string | undefined; webui?: string | undefined }, site: string): string {
  return `${links.base ?? site}${links.webui ?? ''}`;
}

/** What `work` gives; undefined where Confluence has nothing there. */
export async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'target-not-found') return undefined;
    throw error;
  }
}

/** All pages of a list, as far as `most` entries. */
export async function gather<T, C>(
  read: (cursor: C | undefined) => Promise<{ entries: T[]; next: C | undefined }>,
  most: number
): Promise<T[]> {
  const all: T[] = [];
  let cursor: C | undefined;
  do {
    const { entries, next } = await read(cursor);
    all.push(...entries);
    cursor = entries.length === 0 ? undefined : next;
  } while (cursor !== undefined && all.length < most);
  return all;
}
