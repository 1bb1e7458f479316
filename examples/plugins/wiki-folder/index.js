import { isAbsolute } from 'node:path';
import { definePlugin, z } from '@lakeside/plugin-kit';

/** `kind: folder`: a wiki that is a folder of Markdown files. */
export default definePlugin({
  kind: 'wiki-target',
  id: 'folder',
  config: z.object({
    folder: z
      .string()
      .refine(isAbsolute, 'must be an absolute path')
      .describe('The folder of the wiki. It must exist; so must a folder in it for each space.'),
    site: z
      .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
      .describe('Where people read it: addresses of pages begin with this.'),
    space: z.string().min(1).describe('The space in which pages are made where nobody chose one.')
  }),
  async create(settings, { label = 'The wiki' }) {
    const { createFolderWiki } = await import('./wiki.js');
    return createFolderWiki({ ...settings, label });
  }
});
