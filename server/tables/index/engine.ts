import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { IndexFiles } from './files.js';
import type { TableIndex } from './ports.js';
import type { SchemaNames } from './names.js';
import { search } from './search.js';
import type { SourceNames } from './source.js';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** The index in this thread. Nothing of it waits for a source. */
export function createIndexEngine({ files }: { files: IndexFiles }): TableIndex {
  const sources = new Map<string, Promise<SourceNames>>();

  function of(key: string): Promise<SourceNames> {
    const known = sources.get(key);
    if (known !== undefined) return known;
    const read = files.read(key);
    sources.set(key, read);
    return read;
  }

  return {
    kept: async key => (await of(key)).kept(),
    stage(key, schema, kind, text) {
      // Calls come in their order, and each waits for the same promise first.
      void of(key).then(names => names.stage(schema, kind, text));
    },
    commit: async (key, schema, kind, at) => (await of(key)).commit(schema, kind, at),
    drop(key, schema, kind) {
      void of(key).then(names => names.drop(schema, kind));
    },
    async finish(key, schemas, asOf) {
      const names = await of(key);
      names.only(schemas);
      names.asOf = asOf;
      return files.writeNames(key, names);
    },
    save: async key => files.writeColumns(key, await of(key)),
    async page(key, schema, offset, limit) {
      const names = (await of(key)).of(schema)?.names;
      return names && { tables: names.page(offset, limit), total: names.size };
    },
    async names(key, schema, encoding) {
      const names = (await of(key)).of(schema)?.names;
      return names && packed(names, encoding);
    },
    async search(keys, query) {
      return search(await Promise.all(keys.map(of)), query);
    },
    close() {
      sources.clear();
      return Promise.resolve();
    }
  };
}

type Encoding = 'br' | 'gzip' | undefined;

/** The names of schemas as they were sent before; they go with the names. */
const sent = new WeakMap<SchemaNames, Map<Encoding, Promise<Uint8Array>>>();

function packed(names: SchemaNames, encoding: Encoding): Promise<Uint8Array> {
  const known = sent.get(names) ?? new Map<Encoding, Promise<Uint8Array>>();
  sent.set(names, known);
  const found = known.get(encoding) ?? pack(Buffer.from(names.text()), encoding);
  if (encoding !== undefined) known.set(encoding, found);
  return found;
}

// Somebody waits: a third of the time for brotli is worth its tenth more of bytes.
function pack(text: Uint8Array, encoding: Encoding): Promise<Uint8Array> {
  if (encoding === undefined) return Promise.resolve(text);
  if (encoding === 'gzip') return zip(text, { level: 7 });
  return brotli(text, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 2, [constants.BROTLI_PARAM_SIZE_HINT]: text.length }
  });
}
