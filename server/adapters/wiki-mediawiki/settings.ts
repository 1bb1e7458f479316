import * as z from 'zod';

/** What the configuration says about a MediaWiki, beside the bot password, which arrives by reference. */
export const MediaWikiSettings = z.strictObject({
  /** Address of its `api.php`. */
  api: z.url({
    protocol: /^https?$/,
    error: 'must be the address of api.php, such as https://wiki.example.org/w/api.php'
  }),
  /** The name of a bot password: `Account@Name`. */
  user: z.string().min(1),
  /** Where pages go when nobody chose another place: the number of a namespace, 0 for the main one. */
  space: z.string().regex(/^\d+$/, 'must be the number of a namespace').default('0'),
  /** A page below which they go. */
  parent: z.string().min(1).optional()
});
export type MediaWikiSettings = z.infer<typeof MediaWikiSettings>;
