import * as z from 'zod';

const place = {
  /** Where pages go when nobody chose another place: the key of a space. */
  space: z.string().regex(/^[A-Za-z0-9_~:.-]{1,255}$/, 'must be the key of a space, such as DATA'),
  /** Title of a page in that space below which they go. */
  parent: z.string().min(1).optional(),
  /** Longer pages are not written; bytes. */
  maxPageBytes: z.int().min(20_000).max(16_000_000).optional()
};

/** What the configuration says about a Confluence Cloud, beside the token, which arrives by reference. */
export const ConfluenceCloudSettings = z.strictObject({
  /** Address of the site, or the one that tokens with scopes need: `https://api.atlassian.com/ex/confluence/<cloud id>`. */
  url: z.url({ protocol: /^https?$/, error: 'must be the address of the site, such as https://example.atlassian.net' }),
  /** The account's email address. Absent: the token is sent by itself, as those of OAuth 2 are. */
  user: z.string().min(1).optional(),
  ...place
});
export type ConfluenceCloudSettings = z.infer<typeof ConfluenceCloudSettings>;

/** The same for a Confluence Data Center. */
export const ConfluenceDataCenterSettings = z.strictObject({
  /** Its base URL, with the context path where it has one. */
  url: z.url({ protocol: /^https?$/, error: 'must be its base URL, such as https://confluence.example.org' }),
  ...place
});
export type ConfluenceDataCenterSettings = z.infer<typeof ConfluenceDataCenterSettings>;
