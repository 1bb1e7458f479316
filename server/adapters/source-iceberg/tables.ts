import * as z from 'zod';
import type { AsyncBuffer } from 'hyparquet';
import type { SourceCall } from '../../tables/ports.js';
import type { TableFiles } from '../common/iceberg/manifests.js';
import { Metadata } from '../common/iceberg/metadata.js';
import type { Locations, Vended } from '../common/lake/locations.js';
import type { RestCatalog } from './catalog.js';

const Texts = z.record(z.string(), z.string()).nullish();
const Loaded = z.object({
  metadata: Metadata,
  config: Texts,
  'storage-credentials': z.array(z.object({ prefix: z.string(), config: z.record(z.string(), z.string()) })).nullish()
});

/** A table of a catalogue, with what reads its files. */
export interface LoadedTable {
  metadata: Metadata;
  files: TableFiles;
}

/**
 * Loads a table.
 *
 * @param all - with all its snapshots; else with those that have a name, which is much less
 */
export async function loadTable(
  catalog: RestCatalog,
  locations: Locations,
  { levels, name, all = false }: { levels: readonly string[]; name: string; all?: boolean },
  call: SourceCall
): Promise<LoadedTable> {
  const path = await catalog.path(call, levels, 'tables', name);
  const loaded = await catalog.get(Loaded, `${path}?snapshots=${all ? 'all' : 'refs'}`, `table ${name}`, call);
  const vendedFor = (address: string): Vended | undefined => {
    const fitting = (loaded['storage-credentials'] ?? [])
      .filter(({ prefix }) => address.startsWith(prefix))
      .sort((a, b) => b.prefix.length - a.prefix.length)[0];
    return vendedOf({ ...loaded.config, ...fitting?.config });
  };
  const open = async (address: string, given: SourceCall, bytes?: number): Promise<AsyncBuffer> => {
    const { files, path: inside } = await locations.find(address, vendedFor(address));
    return files.open(inside, given, bytes);
  };
  return { metadata: loaded.metadata, files: { open, place: address => address } };
}

/** The key in what a catalogue says of a table; undefined where it gives none. */
function vendedOf(config: Record<string, string>): Vended | undefined {
  const { 's3.access-key-id': accessKeyId, 's3.secret-access-key': secretAccessKey } = config;
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  const isPath = config['s3.path-style-access'];
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: config['s3.session-token'],
    endpoint: config['s3.endpoint'],
    region: config['client.region'] ?? config['s3.region'],
    ...(isPath !== undefined && { pathStyle: isPath === 'true' })
  };
}
