import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import * as z from 'zod';
import type { Trouble } from '../../../contract/tables/index.js';
import type { Log } from '../../ports.js';
import { replaceFile } from '../../replaceFile.js';
import { storageProblem } from '../../storage.js';
import { linesOf, SourceNames } from './source.js';

/** Raised with each change of the form: what another form wrote is read anew from the source. */
const FORMAT = 1;
/** Higher ones take ten times as long for a tenth less. */
const QUALITY = 4;
/** Longest text that is taken from a file: a small file may hold a very long one. Bytes. */
const LONGEST = 512 * 1024 * 1024;
/** Columns that are taken in before others get their turn. */
const AT_ONCE = 10_000;

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** The first line of a file. */
const Head = z.object({
  format: z.literal(FORMAT),
  kind: z.enum(['names', 'columns']),
  asOf: z.number(),
  /** Of each schema how many lines it has, in their order; absent where its names were not read. */
  schemas: z.array(
    z.object({
      schema: z.string(),
      lines: z.number().int().min(0).optional(),
      /** How many columns, and when they were read. */
      size: z.number().int().optional(),
      at: z.number().optional()
    })
  )
});
type Head = z.infer<typeof Head>;

/** Where indexes lie: two files for each source and person, names and columns, readable for their owner alone. */
export interface IndexFiles {
  read(key: string): Promise<SourceNames>;
  /** @returns why it is not kept; the file that was there before stays then */
  writeNames(key: string, names: SourceNames): Promise<Trouble | undefined>;
  writeColumns(key: string, names: SourceNames): Promise<Trouble | undefined>;
}

/** @param directory - `<home>/tables`; made when something is written */
export function createIndexFiles({ directory, log }: { directory: string; log: Log }): IndexFiles {
  const fileOf = (key: string, kind: Head['kind']): string => join(directory, `${key}.${kind}.br`);

  /** Reads a file. One that is damaged or of another form counts as none and goes. */
  async function content(key: string, kind: Head['kind']): Promise<Content | undefined> {
    const file = fileOf(key, kind);
    try {
      const text = (await decompress(await readFile(file), { maxOutputLength: LONGEST })).toString();
      return contentOf(text, kind);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      log.warn({ err: error, file }, 'an index of tables cannot be read; it is made anew');
      await rm(file, { force: true }).catch(() => undefined);
      return undefined;
    }
  }

  async function write(key: string, head: Head, texts: readonly string[]): Promise<Trouble | undefined> {
    const text = `${JSON.stringify(head)}\n${texts.join('')}`;
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } };
    const file = fileOf(key, head.kind);
    try {
      await replaceFile(file, await compress(text, options));
      return undefined;
    } catch (error) {
      // It is all in memory, and can be read from the source again.
      log.warn({ err: error, file }, 'an index of tables cannot be written');
      return notKept(error, directory);
    }
  }

  return {
    async read(key) {
      const names = new SourceNames();
      const tables = await content(key, 'names');
      // Without the names nobody knows which schemas there are.
      if (tables === undefined) return names;
      names.only(tables.schemas.map(({ schema }) => schema));
      for (const { schema, lines } of tables.schemas) {
        if (lines !== undefined) names.takeNames(schema, lines);
      }
      names.asOf = tables.asOf;
      const columns = await content(key, 'columns');
      const known = columns?.schemas.filter(({ schema }) => names.of(schema) !== undefined) ?? [];
      for (const { schema, size = 0, at = 0 } of known) names.await(schema, { size, at });
      // A million columns take a second, and tables are found meanwhile; those of few are there at once.
      const filled = fillColumns(names, known);
      if (known.reduce((sum, { size = 0 }) => sum + size, 0) < AT_ONCE) await filled;
      return names;
    },
    async writeNames(key, names) {
      const all = names.schemas();
      const schemas = all.map(([schema, part]) => ({ schema, ...(part.names && { lines: part.names.size }) }));
      const head: Head = { format: FORMAT, kind: 'names', asOf: names.asOf ?? 0, schemas };
      return write(
        key,
        head,
        all.map(([, part]) => part.names?.text() ?? '')
      );
    },
    async writeColumns(key, names) {
      const texts = [...names.columnTexts()];
      const schemas = texts.map(({ schema, at, size, text }) => ({ schema, at, size, lines: linesOf(text).length }));
      const head: Head = { format: FORMAT, kind: 'columns', asOf: names.asOf ?? 0, schemas };
      return write(
        key,
        head,
        texts.map(({ text }) => text)
      );
    }
  };
}

/** What people are told of an index that is searched and lies in no file. */
function notKept(error: unknown, directory: string): Trouble {
  const { code, message } = storageProblem(error, directory) ?? {
    code: 'internal' as const,
    message: `Files cannot be written into ${directory} (${(error as NodeJS.ErrnoException).code ?? 'no reason given'}). Give the account that Jupyter runs under the right to write there, then refresh the source.`
  };
  return { code, message: `The names of this source are found for now and not kept. ${message}` };
}

/** A file that was read: of each schema its lines. */
interface Content {
  asOf: number;
  schemas: { schema: string; lines: string[] | undefined; size: number | undefined; at: number | undefined }[];
}

function contentOf(text: string, kind: Head['kind']): Content {
  const end = text.indexOf('\n');
  const head = Head.parse(JSON.parse(text.slice(0, end)));
  if (head.kind !== kind) throw new Error('It is of another kind.');
  const all = linesOf(text.slice(end + 1));
  const wanted = head.schemas.reduce((sum, each) => sum + (each.lines ?? 0), 0);
  if (all.length !== wanted) throw new Error(`It should have ${wanted} lines and has ${all.length}.`);
  let next = 0;
  const schemas = head.schemas.map(({ schema, lines, size, at }) => {
    const own = lines === undefined ? undefined : all.slice(next, next + lines);
    next += lines ?? 0;
    return { schema, lines: own, size, at };
  });
  return { asOf: head.asOf, schemas };
}

async function fillColumns(names: SourceNames, schemas: Content['schemas']): Promise<void> {
  let taken = 0;
  for (const { schema, lines = [], size = 0, at = 0 } of schemas) {
    taken += size;
    if (taken > AT_ONCE) {
      taken = size;
      await new Promise(resolve => setImmediate(resolve));
    }
    if (names.awaits(schema)) await names.takeColumns(schema, lines, at, true);
  }
}
