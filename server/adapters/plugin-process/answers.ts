import * as z from 'zod';

/** What the methods of a wiki target may answer. Foreign code answers, so nothing else gets through. */

const line = z.string().max(2000);
const address = z.url({ protocol: /^https?$/, error: 'must be an absolute address that begins with http' }).max(4000);
const bytes = z.number().int().min(1);

const Ref = z.object({ id: line.min(1), title: line, space: line, url: address });
const Page = Ref.extend({
  version: line.min(1),
  body: z.string(),
  editor: line.optional(),
  editedAt: line.optional()
});
const Space = z.object({ id: line, name: line });
const Features = z.object({
  dialect: z.enum(['mediawiki', 'commonmark', 'dokuwiki', 'confluence']),
  maths: z.enum(['native', 'source']),
  collapsible: z.boolean(),
  highlights: z.boolean(),
  pictures: z.array(z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml'])),
  attachments: z.enum(['wiki', 'page']),
  spaces: z.boolean(),
  parents: z.boolean(),
  tags: z.boolean(),
  compareAndSet: z.enum(['exact', 'merging', 'checked']),
  maxBodyBytes: bytes,
  maxAttachmentBytes: bytes
});

export const answers = {
  check: z.object({
    features: Features,
    account: line,
    software: line,
    lacks: z.array(line).max(100),
    home: Space.optional()
  }),
  spaces: z.array(Space).max(1000),
  parents: z.array(Ref).max(1000),
  find: z.array(Page).max(1000),
  read: Page.nullish().transform(page => page ?? undefined),
  create: Page,
  /** The names of those that are missing, or they themselves. */
  missing: z.array(z.object({ name: z.string() })),
  upload: z.unknown(),
  write: Page,
  close: z.unknown()
};

/** What a plug-in's own check may find. */
export const Findings = z
  .array(z.object({ state: z.enum(['ok', 'warning', 'failed']), detail: line, cure: line.optional() }))
  .max(100)
  .nullish();
