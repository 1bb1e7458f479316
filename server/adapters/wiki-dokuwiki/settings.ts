import * as z from 'zod';

const Namespace = z
  .string()
  .regex(/^:?$|^:?[^\s:;/][^\s;/]*$/, 'must be the name of a namespace, such as reports or lab:reports');

/** What the configuration says about a DokuWiki, beside the password of its account, which arrives by reference. */
export const DokuWikiSettings = z.strictObject({
  /** Address of the folder in which its `doku.php` lies. */
  url: z.url({
    protocol: /^https?$/,
    error: 'must be the address of the wiki, such as https://wiki.example.org/dokuwiki/'
  }),
  /** The account. */
  user: z.string().min(1),
  /** Where pages go when nobody chose another place: a namespace, `:` for the uppermost one. */
  space: Namespace.default(':'),
  /** The namespace in which figures lie. Whoever may read it may see the figures of all pages. */
  figures: Namespace.default('lakeside')
});
export type DokuWikiSettings = z.infer<typeof DokuWikiSettings>;
