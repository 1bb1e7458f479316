import * as z from 'zod';
import type { WikiCall } from '../../share/wiki/ports.js';
import type { ConfluenceApi, ConfluencePage, ConfluenceSpace } from './api.js';
import { addressOf, gather, orNothing } from './common.js';
import type { ConfluenceSession } from './session.js';

const Links = z.object({ base: z.string().optional(), webui: z.string().optional(), next: z.string().optional() });
const Id = z.union([z.string(), z.number()]).transform(String);
const Space = z.object({
  id: Id,
  key: z.string(),
  name: z.string(),
  type: z.string(),
  homepage: z.object({ id: Id }).optional()
});
const Spaces = z.object({ results: z.array(Space), _links: Links.optional() });
const Page = z.object({
  id: Id,
  type: z.string(),
  status: z.string(),
  title: z.string(),
  space: z.object({ key: z.string() }),
  version: z.object({
    number: z.number(),
    when: z.string().optional(),
    by: z.object({ displayName: z.string().optional() }).optional()
  }),
  body: z.object({ storage: z.object({ value: z.string() }) }),
  metadata: z.object({ labels: z.object({ results: z.array(z.object({ name: z.string() })) }) }).optional(),
  _links: Links.optional()
});
const Made = z.object({ id: Id });
const Pages = z.object({ results: z.array(z.object({ id: Id })) });
const Attachments = z.object({
  results: z.array(
    z.object({
      id: Id,
      title: z.string(),
      extensions: z.object({ fileSize: z.number().optional(), comment: z.string().optional() }).optional()
    })
  ),
  _links: Links.optional()
});
const Manifest = z.object({ version: z.string() });

const DEFAULT_PAGE_BYTES = 4 * 1024 * 1024;
const MAX_SPACES = 1000;
const MAX_ATTACHMENTS = 10_000;
const LIMIT = 200;

/** Confluence Data Center: its one interface. */
export function createDataCenterApi(
  session: ConfluenceSession,
  options: { site: string; maxPageBytes: number | undefined }
): ConfluenceApi {
  const toSpace = ({ id, key, name, type, homepage }: z.infer<typeof Space>): ConfluenceSpace => ({
    id,
    key,
    name,
    isPersonal: type === 'personal',
    homepage: homepage?.id
  });

  /** A list by its beginnings: the server may give fewer at once than it was asked for. */
  function list<R, T>(
    schema: z.ZodType<{ results: R[]; _links?: z.infer<typeof Links> | undefined }>,
    path: string,
    query: Record<string, string>,
    { most, read, call }: { most: number; read: (result: R) => T; call: WikiCall }
  ): Promise<T[]> {
    return gather(async (start: number | undefined = 0) => {
      const { results, _links } = await session.get(schema, path, { ...query, start, limit: LIMIT }, call);
      return { entries: results.map(read), next: _links?.next === undefined ? undefined : start + results.length };
    }, most);
  }

  return {
    features: {
      dialect: 'confluence',
      maths: 'source',
      collapsible: true,
      highlights: true,
      pictures: ['image/png', 'image/jpeg', 'image/gif'],
      attachments: 'page',
      spaces: true,
      parents: true,
      tags: false,
      compareAndSet: 'exact',
      maxBodyBytes: options.maxPageBytes ?? DEFAULT_PAGE_BYTES,
      maxAttachmentBytes: 100 * 1024 * 1024
    },

    async software(call) {
      // Some proxies let nobody see it.
      const manifest = await session.get(Manifest, '/rest/applinks/1.0/manifest', {}, call).catch(() => undefined);
      return ['Confluence Data Center', manifest?.version].filter(Boolean).join(' ');
    },

    // Nothing in its interface tells an account's rights without a space administrator's.
    lacks: () => Promise.resolve([]),

    spaces: call => list(Spaces, '/rest/api/space', { status: 'current' }, { most: MAX_SPACES, read: toSpace, call }),

    async space(key, call) {
      const query = { spaceKey: key, limit: 1, expand: 'homepage' };
      return (await session.get(Spaces, '/rest/api/space', query, call)).results.map(toSpace)[0];
    },

    async page(id, call): Promise<ConfluencePage | undefined> {
      const expand = 'body.storage,version,space,metadata.labels';
      const page = await orNothing(session.get(Page, `/rest/api/content/${id}`, { expand }, call));
      if (page?.status !== 'current' || page.type !== 'page') return undefined;
      return {
        id: page.id,
        title: page.title,
        space: page.space.key,
        url: addressOf(page._links ?? {}, options.site),
        number: page.version.number,
        body: page.body.storage.value,
        labels: page.metadata?.labels.results.map(({ name }) => name) ?? [],
        editor: page.version.by?.displayName,
        editedAt: page.version.when
      };
    },

    async idOf(title, space, call) {
      const query = { type: 'page', spaceKey: space.key, title, status: 'current', limit: 1 };
      return (await session.get(Pages, '/rest/api/content', query, call)).results[0]?.id;
    },

    async create({ title, space, parent, body }, call) {
      const below = parent ?? space.homepage;
      const page = {
        type: 'page',
        title,
        space: { key: space.key },
        ...(below !== undefined && { ancestors: [{ id: below }] }),
        body: { storage: { value: body, representation: 'storage' } }
      };
      return (await session.change(Made, 'POST', '/rest/api/content', page, call)).id;
    },

    async update({ id, title, body, number, summary }, call) {
      const page = {
        id,
        type: 'page',
        title,
        version: { number, message: summary },
        body: { storage: { value: body, representation: 'storage' } }
      };
      await session.change(Made, 'PUT', `/rest/api/content/${id}`, page, call);
    },

    attachments: (pageId, call) =>
      list(
        Attachments,
        `/rest/api/content/${pageId}/child/attachment`,
        {},
        {
          most: MAX_ATTACHMENTS,
          read: ({ id, title, extensions }) => ({
            id,
            name: title,
            size: extensions?.fileSize,
            comment: extensions?.comment ?? ''
          }),
          call
        }
      )
  };
}
