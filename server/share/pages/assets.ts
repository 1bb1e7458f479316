import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';

/** A file of the pages, in memory: they are few and small. */
export interface Asset {
  bytes: Buffer;
  type: string;
  /** Of its content. */
  hash: string;
  /** True where the name itself carries a hash. */
  hashed: boolean;
}

export interface Assets {
  /** By file name. */
  files: ReadonlyMap<string, Asset>;
}

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2'
};

/**
 * Reads the built files of the pages.
 *
 * @throws ProblemError `unavailable` where they were not built
 */
export async function readAssets(directory: string): Promise<Assets> {
  const names = await readdir(directory).catch(() => []);
  const known = names.filter(name => types[extname(name)] !== undefined);
  if (!known.includes('library.js') || !known.includes('library.css')) {
    throw new ProblemError(
      'unavailable',
      'The pages of the Library were not built. Run "npm run build", or install Lakeside again.'
    );
  }
  const files = await Promise.all(
    known.map(async (name): Promise<[string, Asset]> => {
      const bytes = await readFile(join(directory, name));
      const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
      return [name, { bytes, hash, type: types[extname(name)] ?? '', hashed: name.startsWith('chunk-') }];
    })
  );
  return { files: new Map(files) };
}
