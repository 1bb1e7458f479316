import * as z from 'zod';
import type { ConfluenceApi, ConfluencePage, ConfluenceSpace } from './api.js';
import { addressOf, gather, orNothing } from './common.js';
import { CLOUD_LANGUAGES } from './languages.js';
import type { ConfluenceSession } from './session.js';

const Links = z.object({ base: z.string().optional(), webui: z.string().optional(), next: z.string().optional() });
const Id = z.union([z.string(), z.number()]).transform(String);
const Space = z.object({ id: Id, key: z.string(), name: z.string(), type: z.string(), homepageId: Id.nullish() });
const Spaces = z.object({ results: z.array(Space), _links: Links.optional() });
const Page = z.object({
  id: Id,
  status: z.string(),
  title: z.string(),
  spaceId: Id,
  version: z.object({ number: z.number(), authorId: z.string().nullish(), createdAt: z.string().optional() }),
  body: z.object({ storage: z.object({ value: z.string() }).optional() }).optional(),
  labels: z.object({ results: z.array(z.object({ name: z.string() })) }).optional(),
  _links: Links.optional()
});
const Made = z.object({ id: Id });
const Pages = z.object({ results: z.array(z.object({ id: Id, title: z.string() })) });
const Attachments = z.object({
  results: z.array(
    z.object({ id: Id, title: z.string(), fileSize: z.number().nullish(), comment: z.string().nullish() })
  ),
  _links: Links.optional()
});
const Operations = z.object({ operations: z.array(z.object({ operation: z.string(), targetType: z.string() })) });
const User = z.object({ displayName: z.string().nullish(), publicName: z.string().nullish() });

const DEFAULT_PAGE_BYTES = 1024 * 1024;
const MAX_SPACES = 1000;
const MAX_ATTACHMENTS = 10_000;

/** Confluence Cloud: its second interface, and the first one for what the second cannot do. */
export function createCloudApi(
  session: ConfluenceSession,
  options: { site: string; maxPageBytes: number | undefined }
): ConfluenceApi {
  const keys = new Map<string, string>();
  const names = new Map<string, string | undefined>();

  const toSpace = ({ id, key, name, type, homepageId }: z.infer<typeof Space>): ConfluenceSpace => {
    keys.set(id, key);
    return { id, key, name, isPersonal: type === 'personal', homepage: homepageId ?? undefined };
  };

  async function keyOf(spaceId: string, call: Parameters<ConfluenceApi['page']>[1]): Promise<string> {
    return keys.get(spaceId) ?? toSpace(await session.get(Space, `/api/v2/spaces/${spaceId}`, {}, call)).key;
  }

  /** The name of a person; Cloud gives an id alone. */
  async function nameOf(accountId: string, call: Parameters<ConfluenceApi['page']>[1]): Promise<string | undefined> {
    if (!names.has(accountId)) {
      const user = await orNothing(session.get(User, '/rest/api/user', { accountId }, call));
      names.set(accountId, user?.displayName ?? user?.publicName ?? undefined);
    }
    return names.get(accountId);
  }

  return {
    features: {
      dialect: 'confluence',
      maths: 'source',
      collapsible: true,
      highlights: true,
      languages: CLOUD_LANGUAGES,
      pictures: ['image/png', 'image/jpeg', 'image/gif', 'image/webp'],
      attachments: 'page',
      spaces: true,
      parents: true,
      tags: false,
      compareAndSet: 'exact',
      maxBodyBytes: options.maxPageBytes ?? DEFAULT_PAGE_BYTES,
      maxAttachmentBytes: 100 * 1024 * 1024
    },

    software: () => Promise.resolve('Confluence Cloud'),

    async lacks(space, account, call) {
      const answer = await orNothing(session.get(Operations, `/api/v2/spaces/${space.id}/operations`, {}, call));
      const may = (target: string): boolean =>
        answer?.operations.some(({ operation, targetType }) => operation === 'create' && targetType === target) ?? true;
      return ['page', 'attachment']
        .filter(target => !may(target))
        .map(
          target =>
            `The account ${account} may not add ${target}s to the space ${space.key}. Ask an administrator of the space for it.`
        );
    },

    spaces: call =>
      gather(async (cursor: string | undefined) => {
        const { results, _links } = await session.get(
          Spaces,
          '/api/v2/spaces',
          { status: 'current', limit: 250, cursor },
          call
        );
        return { entries: results.map(toSpace), next: cursorIn(_links?.next) };
      }, MAX_SPACES),

    async space(key, call) {
      const { results } = await session.get(Spaces, '/api/v2/spaces', { keys: key, limit: 1 }, call);
      return results.map(toSpace).find(space => space.key.toLowerCase() === key.toLowerCase());
    },

    async page(id, call): Promise<ConfluencePage | undefined> {
      const query = { 'body-format': 'storage', 'include-labels': 'true' };
      const page = await orNothing(session.get(Page, `/api/v2/pages/${id}`, query, call));
      if (page?.status !== 'current') return undefined;
      const { number, authorId, createdAt } = page.version;
      return {
        id: page.id,
        title: page.title,
        space: await keyOf(page.spaceId, call),
        url: addressOf(page._links ?? {}, options.site),
        number,
        body: page.body?.storage?.value ?? '',
        labels: page.labels?.results.map(({ name }) => name) ?? [],
        editor: typeof authorId === 'string' ? await nameOf(authorId, call) : undefined,
        editedAt: createdAt
      };
    },

    async idOf(title, space, call) {
      const query = { 'space-id': space.id, title, status: 'current', limit: 5 };
      return (await session.get(Pages, '/api/v2/pages', query, call)).results[0]?.id;
    },

    async create({ title, space, parent, body }, call) {
      const page = {
        spaceId: space.id,
        status: 'current',
        title,
        ...(parent !== undefined && { parentId: parent }),
        body: { representation: 'storage', value: body }
      };
      return (await session.change(Made, 'POST', '/api/v2/pages', page, call)).id;
    },

    async update({ id, title, body, number, summary }, call) {
      const page = {
        id,
        status: 'current',
        title,
        body: { representation: 'storage', value: body },
        version: { number, message: summary }
      };
      await session.change(Made, 'PUT', `/api/v2/pages/${id}`, page, call);
    },

    attachments: (pageId, call) =>
      gather(async (cursor: string | undefined) => {
        const path = `/api/v2/pages/${pageId}/attachments`;
        const { results, _links } = await session.get(
          Attachments,
          path,
          { status: 'current', limit: 250, cursor },
          call
        );
        const entries = results.map(({ id, title, fileSize, comment }) => ({
          id,
          name: title,
          size: fileSize ?? undefined,
          comment: comment ?? ''
        }));
        return { entries, next: cursorIn(_links?.next) };
      }, MAX_ATTACHMENTS)
  };
}

/** Of the address of the next page its cursor: the address itself may lead past a gateway. */
function cursorIn(next: string | undefined): string | undefined {
  return next === undefined ? undefined : (new URL(next, 'http://x').searchParams.get('cursor') ?? undefined);
}
