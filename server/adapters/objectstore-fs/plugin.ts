import { mkdir } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import * as z from 'zod';
import { definePlugin } from '../../plugins/plugin.js';
import { onStorage } from '../../storage.js';

/** `kind: files`: a folder, for instance one that several machines mount. */
export const filesPlugin = definePlugin({
  kind: 'object-store',
  id: 'files',
  config: z.strictObject({
    directory: z
      .string()
      .refine(isAbsolute, 'must be an absolute path')
      .describe('Absolute path of the folder; made when it is missing.')
  }),
  async create({ directory }) {
    await onStorage(directory, () => mkdir(directory, { recursive: true, mode: 0o700 }));
    const { createFileObjectStore } = await import('./index.js');
    return createFileObjectStore({ directory });
  }
});
