import * as z from 'zod';

/** The makes of sites whose wikis are git repositories. */
export const ForgeName = z.enum(['gitlab', 'gitea', 'forgejo', 'github']);
export type ForgeName = z.infer<typeof ForgeName>;

/** What the configuration says about the wiki of a forge, beside the token, which arrives by reference. */
export const GitWikiSettings = z.strictObject({
  forge: ForgeName,
  /** The address from which the wiki is cloned. */
  url: z
    .url({
      protocol: /^https?$/,
      error: 'must be the address from which the wiki is cloned, such as https://git.example.org/team/project.wiki.git'
    })
    .refine(address => !/^https?:\/\/[^/]*@/.test(address), 'must hold no name and no password: the token has its key'),
  /** The name that goes with the token, where the forge wants a certain one. */
  user: z.string().min(1).optional(),
  /** The branch that holds the pages. Absent: the one the wiki names. */
  branch: z
    .string()
    .regex(/^(?![-/.])(?!.*(?:\.\.|\/\/|@\{))[\w./-]+(?<![/.])$/, 'must be the name of a branch')
    .optional(),
  /** Where people read the pages, where that is not the forge's usual place beside `url`. */
  pages: z.url({ protocol: /^https?$/, error: 'must be the address below which the pages are read' }).optional(),
  /** GitLab: the folder in which pages go when nobody chose another place. */
  folder: z
    .string()
    .regex(/^(?:[^/.\\:\s][^/\\:]*)(?:\/[^/.\\:\s][^/\\:]*)*$/, 'must be folders with slashes between them')
    .optional(),
  /** The address of mail that commits carry. */
  email: z.email().default('noreply@lakeside.invalid')
});
export type GitWikiSettings = z.infer<typeof GitWikiSettings>;
