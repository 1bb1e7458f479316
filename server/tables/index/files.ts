import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import * as z from 'zod';
import type { Log } from '../../ports.js';
import { linesOf, SourceNames } from './source.js';

/** Raised with each change of the form: what another form wrote is read anew from the source. */
const FORMAT = 1;
/** Higher ones take ten times as long for a tenth less. */
const QUALITY = 4;
/** Longest text that is taken from a file: a small file may hold a very long one. Bytes. */
const LONGEST = 512 * 1024 * 1024;
/** Lines that are taken in before others get their turn. */
const AT_ONCE = 50_000;

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** The first line of a file. */
const Head = z.object({
  format: z.literal(FORMAT),
  kind: z.enum(['names', 'columns']),
  asOf: z.number(),
  /** How many lines each schema has, in their order; absent where its names were not read. */
  schemas: z.array(
    z.object({ schema: z.string(), lines: z.number().int().min(0).optional(), at: z.number().optional() })
  )
});
type Head = z.infer<typeof Head>;

/** Where indexes lie: two files for each source and person, names and columns, readable for their owner alone. */
export interface IndexFiles {
  read(key: string): Promise<SourceNames>;
  writeNames(key: string, names: SourceNames): Promise<void>;
  writeColumns(key: string, names: SourceNames): Promise<void>;
}

/** @param directory - `<home>/tables`; made when something is written */
export function createIndexFiles({ directory, log }: { directory: string; log: Log }): IndexFiles {
  const fileOf = (key: string, kind: Head['kind']): string => join(directory, `${key}.${kind}.br`);

  /** Takes a file in. One that is damaged or of another form counts as none and goes. */
  async function take(key: string, kind: Head['kind'], names: SourceNames): Promise<void> {
    const file = fileOf(key, kind);
    try {
      const text = (await decompress(await readFile(file), { maxOutputLength: LONGEST })).toString();
      await fill(text, kind, names);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      log.warn({ err: error, file }, 'an index of tables cannot be read; it is made anew');
      await rm(file, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  async function write(key: string, head: Head, texts: readonly string[]): Promise<void> {
    const text = `${JSON.stringify(head)}\n${texts.join('')}`;
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } };
    const file = fileOf(key, head.kind);
    try {
      await replaceFile(file, await compress(text, options));
    } catch (error) {
      // It is all in memory, and can be read from the source again.
      log.warn({ err: error, file }, 'an index of tables cannot be written');
    }
  }

  return {
    async read(key) {
      try {
        const names = new SourceNames();
        await take(key, 'names', names);
        // Without the names nobody knows which schemas there are.
        if (names.asOf === undefined) return names;
        await take(key, 'columns', names).catch(() => undefined);
        return names;
      } catch {
        return new SourceNames();
      }
    },
    async writeNames(key, names) {
      const all = names.schemas();
      const schemas = all.map(([schema, part]) => ({ schema, ...(part.names && { lines: part.names.size }) }));
      const head: Head = { format: FORMAT, kind: 'names', asOf: names.asOf ?? 0, schemas };
      await write(
        key,
        head,
        all.map(([, part]) => part.names?.text() ?? '')
      );
    },
    async writeColumns(key, names) {
      const texts = [...names.columnTexts()];
      const schemas = texts.map(({ schema, at, text }) => ({ schema, at, lines: linesOf(text).length }));
      const head: Head = { format: FORMAT, kind: 'columns', asOf: names.asOf ?? 0, schemas };
      await write(
        key,
        head,
        texts.map(({ text }) => text)
      );
    }
  };
}

async function fill(text: string, kind: Head['kind'], names: SourceNames): Promise<void> {
  const end = text.indexOf('\n');
  const head = Head.parse(JSON.parse(text.slice(0, end)));
  if (head.kind !== kind) throw new Error('It is of another kind.');
  const lines = linesOf(text.slice(end + 1));
  const wanted = head.schemas.reduce((sum, each) => sum + (each.lines ?? 0), 0);
  if (lines.length !== wanted) throw new Error(`It should have ${wanted} lines and has ${lines.length}.`);
  if (kind === 'names') names.only(head.schemas.map(({ schema }) => schema));
  let at = 0;
  let taken = 0;
  for (const { schema, lines: count, at: readAt = 0 } of head.schemas) {
    if (count === undefined || names.of(schema) === undefined) {
      at += count ?? 0;
      continue;
    }
    names.take(schema, kind, lines.slice(at, at + count), readAt);
    at += count;
    taken += count;
    if (taken < AT_ONCE) continue;
    taken = 0;
    await new Promise(resolve => setImmediate(resolve));
  }
  if (kind === 'names') names.asOf = head.asOf;
}

/** Writes a file whole or not at all, for its owner alone. */
async function replaceFile(file: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    const handle = await open(part, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
