import { ProblemError } from '../../../../contract/problem.js';
import type { Rows, RowsOptions, SourceCall, TableFacts, TableReach } from '../../../tables/ports.js';
import { readText, type LakeFiles } from '../lake/files.js';
import { byPath } from '../lake/folder.js';
import { troubleOf, unreadable } from '../lake/problems.js';
import { icebergFacts } from './facts.js';
import { parseExact } from './json.js';
import type { TableFiles } from './manifests.js';
import { Metadata } from './metadata.js';
import { icebergPartitions } from './partitions.js';
import { icebergRows } from './rows.js';

const METADATA = /\.metadata\.json(\.gz)?$|\.gz\.metadata\.json$/;

/** Whether names of files in a folder `metadata` are those of an Iceberg table. */
export function isMetadata(name: string): boolean {
  return METADATA.test(name);
}

/** An Iceberg table that lies in a folder, with no catalogue: its newest metadata count. */
export async function folderTable(
  files: LakeFiles,
  folder: string,
  call: SourceCall
): Promise<{ metadata: Metadata; tableFiles: TableFiles }> {
  const directory = folder === '' ? 'metadata' : `${folder}/metadata`;
  const names = (await files.list(directory, call)).files.filter(isMetadata);
  const newest = names.sort((a, b) => versionOf(a) - versionOf(b) || byPath({ path: a }, { path: b })).at(-1);
  if (newest === undefined)
    throw new ProblemError('source-not-found', `${files.place(folder)} is no Iceberg table any more. Refresh the source.`);
  const path = `${directory}/${newest}`;
  const metadata = parseMetadata(await textOf(files, path, call), files.place(path));
  return { metadata, tableFiles: relocated(files, folder, metadata) };
}

async function textOf(files: LakeFiles, path: string, call: SourceCall): Promise<string> {
  if (!path.includes('.gz')) return readText(files, path, call);
  const file = await files.open(path, call);
  const { gunzipSync } = await import('node:zlib');
  try {
    return gunzipSync(new Uint8Array(await file.slice(0, file.byteLength)), {
      maxOutputLength: 256 * 1024 * 1024
    }).toString('utf8');
  } catch (error) {
    call.signal.throwIfAborted();
    throw unreadable(files.place(path), 'metadata of Iceberg', error);
  }
}

/** The number in the name of metadata: `v3.metadata.json`, `00003-<uuid>.metadata.json`. */
function versionOf(name: string): number {
  return Number(/^v?(\d+)/.exec(name)?.[1] ?? -1);
}

/** @throws ProblemError `source-failed` */
export function parseMetadata(text: string, place: string): Metadata {
  try {
    return Metadata.parse(parseExact(text));
  } catch (error) {
    throw unreadable(place, 'metadata of Iceberg', new Error('it is not what the format says', { cause: error }));
  }
}

/** Files by the addresses in metadata. A table that was copied with its folder is read where it lies now. */
function relocated(files: LakeFiles, folder: string, { location }: Metadata): TableFiles {
  const old = location.replace(/\/$/, '');
  const pathOf = (address: string): string => {
    if (address.startsWith(`${old}/`)) {
      const inside = address.slice(old.length + 1);
      return folder === '' ? inside : `${folder}/${inside}`;
    }
    const path = files.pathOf(address);
    if (path !== undefined) return path;
    throw new ProblemError(
      'source-forbidden',
      `This table has a file outside of ${files.root}: ${address}. Only what lies there is read; make a source of its own of that place.`
    );
  };
  return {
    open: (address, call, bytes) => files.open(pathOf(address), call, bytes),
    place: address => files.place(pathOf(address))
  };
}

export async function folderFacts(files: LakeFiles, folder: string, call: SourceCall): Promise<TableFacts> {
  const reach: TableReach = { kind: 'iceberg-folder', path: files.place(folder) };
  const { metadata, tableFiles } = await folderTable(files, folder, call);
  return withPartitions({ ...icebergFacts(metadata, reach), location: files.place(folder) }, tableFiles, metadata, call);
}

/** Adds the partitions; why there are none is a trouble beside all else. */
export async function withPartitions(
  facts: TableFacts,
  files: TableFiles,
  metadata: Metadata,
  call: SourceCall
): Promise<TableFacts> {
  try {
    const partitions = await icebergPartitions(files, metadata, call);
    return { ...facts, ...(partitions && { partitions }) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { ...facts, troubles: [...(facts.troubles ?? []), troubleOf(error)] };
  }
}

export async function folderRows(
  files: LakeFiles,
  folder: string,
  options: RowsOptions,
  call: SourceCall
): Promise<Rows> {
  const { metadata, tableFiles } = await folderTable(files, folder, call);
  return icebergRows(tableFiles, metadata, options, call);
}
