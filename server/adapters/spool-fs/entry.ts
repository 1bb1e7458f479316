import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import * as z from 'zod';
import type { ContentsEvent, Place } from '../../share/ports.js';

const ContentsPath = z
  .string()
  .min(1)
  .max(4096)
  .transform(path => path.replace(/^\/|\/$/g, ''))
  .refine(path => path.split('/').every(part => !['', '.', '..'].includes(part)) && !path.includes('\0'), 'is no path');

/** One file of the spool, as the front door writes it. */
const Entry = z.object({
  format: z.literal(1),
  action: z.enum(['rename', 'delete', 'copy', 'save']),
  rootDir: z.string().refine(isAbsolute, 'must be absolute').nullable(),
  path: ContentsPath,
  sourcePath: ContentsPath.nullable()
});

/**
 * Reads one file of the spool.
 *
 * @throws where it is not what it should be
 */
export async function readEvent(name: string, text: string): Promise<ContentsEvent> {
  const { action, rootDir, path, sourcePath } = Entry.parse(JSON.parse(text));
  if (action === 'rename' && sourcePath === null) throw new Error('A rename without its source.');
  return {
    id: name,
    action,
    place: await toPlace(rootDir, path),
    ...(sourcePath !== null && { from: await toPlace(rootDir, sourcePath) })
  };
}

/**
 * The place of a contents path that may be gone by now: the real path of the nearest folder that exists, and the
 * names below it.
 */
async function toPlace(rootDir: string | null, path: string): Promise<Place> {
  if (rootDir === null) return { root: 'contents:', path };
  const absolute = join(rootDir, path);
  const names: string[] = [];
  for (let rest = absolute; dirname(rest) !== rest; rest = dirname(rest)) {
    names.unshift(basename(rest));
    const real = await realpath(dirname(rest)).catch(() => undefined);
    if (real !== undefined) return { root: 'file:', path: join(real, ...names) };
  }
  return { root: 'file:', path: absolute };
}
