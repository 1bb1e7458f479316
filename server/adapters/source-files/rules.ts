import { levelsOf, pathOf, type TableEntry, type TableRef, type Trouble } from '../../../contract/tables/index.js';
import { ProblemError } from '../../../contract/problem.js';
import type { SourceCall, SourceSchema } from '../../tables/ports.js';
import { isMetadata } from '../common/iceberg/folder.js';
import { formatOf, type Dataset } from '../common/lake/dataset.js';
import type { LakeFiles, Listing } from '../common/lake/files.js';
import { isPartition } from '../common/lake/partitions.js';
import { noSuchTable, troubleOf } from '../common/lake/problems.js';

/** Folders that are looked at to find the schemas, and how deep. */
const MOST_FOLDERS = 5_000;
const DEEPEST = 12;

/** What a name in a lake stands for. */
export type Target = { kind: 'iceberg'; path: string } | { kind: 'dataset'; dataset: Dataset };

interface Kinds {
  kind: 'iceberg' | 'dataset' | 'schema';
  format?: Dataset['format'] | undefined;
}

/** What a folder is: docs/sources/files.md has the rules. */
async function kindOf(files: LakeFiles, folder: string, listing: Listing, call: SourceCall): Promise<Kinds> {
  if (listing.folders.includes('metadata')) {
    const inside = await files.list(join(folder, 'metadata'), call);
    if (inside.files.some(isMetadata)) return { kind: 'iceberg' };
  }
  const data = listing.files.filter(name => formatOf(name) !== undefined);
  if (data.length > 0 && folder !== '' && arePartsOfOne(data))
    return { kind: 'dataset', format: formatOf(data[0] ?? '') };
  const partition = listing.folders.find(isPartition);
  const format = partition && data.length === 0 ? await formatBelow(files, join(folder, partition), call) : undefined;
  return format === undefined ? { kind: 'schema' } : { kind: 'dataset', format };
}

/** The format of the first file in a folder of a partition, and in those of its parts. */
async function formatBelow(
  files: LakeFiles,
  folder: string,
  call: SourceCall,
  depth = 0
): Promise<Dataset['format'] | undefined> {
  const { files: names, folders } = await files.list(folder, call);
  const found = names.map(formatOf).find(format => format !== undefined);
  const next = folders.find(isPartition);
  if (found !== undefined || next === undefined || depth > DEEPEST) return found;
  return formatBelow(files, join(folder, next), call, depth + 1);
}

/** Whether files are parts of one table: of one format, with names that differ by numbers alone. */
export function arePartsOfOne(names: readonly string[]): boolean {
  const bare = (name: string): string =>
    name
      .toLowerCase()
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}/g, '#')
      .replace(/\d+/g, '#');
  return new Set(names.map(bare)).size === 1;
}

/** The schemas: folders that hold tables, at any depth, and the root. */
export async function findSchemas(files: LakeFiles, call: SourceCall): Promise<SourceSchema[]> {
  const found: SourceSchema[] = [];
  const walk = { looked: 0, isCut: false };

  /** Whether there is a table in a folder or below. */
  async function look(folder: string, levels: string[]): Promise<boolean> {
    if (++walk.looked > MOST_FOLDERS || levels.length > DEEPEST) {
      walk.isCut = true;
      return false;
    }
    const listing = await files.list(folder, call);
    const { kind } = await kindOf(files, folder, listing, call);
    if (kind !== 'schema') {
      if (folder === '') found.push({ schema: '' });
      return true;
    }
    let holds = listing.files.some(name => formatOf(name) !== undefined);
    const schema: SourceSchema = { schema: pathOf(levels) };
    found.push(schema);
    const at = found.length - 1;
    for (const name of listing.folders) {
      const inner = [...levels, name];
      try {
        if (await look(join(folder, name), inner)) holds = true;
      } catch (error) {
        if (!(error instanceof ProblemError) || error.code === 'source-unreachable') throw error;
        found.push({ schema: pathOf(inner), trouble: troubleOf(error) });
        holds = true;
      }
    }
    if (!holds && levels.length > 0) found.splice(at, 1);
    return holds;
  }

  await look('', []);
  const root = found[0];
  if (walk.isCut && root) root.trouble = tooMany(files);
  return found;
}

function tooMany(files: LakeFiles): Trouble {
  return {
    message: `${files.root} has more than ${MOST_FOLDERS} folders, or deeper ones than ${DEEPEST}: what lies beyond them is not shown. Make sources of parts of it.`,
    code: 'source-failed'
  };
}

/**
 * The tables of a schema by name, each with what it stands for.
 *
 * @param only - the one name that is asked for: other folders are not looked into
 */
export async function findTables(
  files: LakeFiles,
  schema: string,
  call: SourceCall,
  only?: string
): Promise<{ entry: TableEntry; target: Target }[]> {
  const folder = folderOf(schema);
  const listing = await files.list(folder, call);
  const own = await targetOf(files, folder, listing, call);
  if (folder === '' && own) return [{ entry: entryOf(lastOf(files.root)), target: own }];
  const data = listing.files.flatMap(name => {
    const format = formatOf(name);
    return format ? [{ name, format }] : [];
  });
  const folders: { name: string; target: Target }[] = [];
  const bareOnly = only === undefined ? undefined : bareName(only);
  for (const name of listing.folders) {
    if (only !== undefined && name !== only && name !== bareOnly) continue;
    const target = await folderTarget(files, join(folder, name), call);
    if (target) folders.push({ name, target });
  }
  const taken = new Map<string, number>();
  for (const name of [...data.map(each => bareName(each.name)), ...folders.map(each => each.name)])
    taken.set(name, (taken.get(name) ?? 0) + 1);
  return [
    ...data.map(({ name, format }) => {
      const bare = bareName(name);
      const target: Target = { kind: 'dataset', dataset: { path: join(folder, name), format, isFile: true } };
      // Where two would have the same name, the ending stays.
      return { entry: entryOf(taken.get(bare) === 1 ? bare : name), target };
    }),
    ...folders.map(({ name, target }) => ({ entry: entryOf(name), target }))
  ];
}

/** What a reference stands for. @throws ProblemError `source-not-found` */
export async function findTarget(files: LakeFiles, label: string, ref: TableRef, call: SourceCall): Promise<Target> {
  const found = (await findTables(files, ref.schema, call, ref.table)).find(({ entry }) => entry.name === ref.table);
  if (found === undefined) throw noSuchTable(label, ref.table);
  return found.target;
}

async function folderTarget(files: LakeFiles, folder: string, call: SourceCall): Promise<Target | undefined> {
  try {
    return await targetOf(files, folder, await files.list(folder, call), call);
  } catch (error) {
    // A folder that cannot be read is told as a schema; it hides none of its siblings.
    if (error instanceof ProblemError && error.code !== 'source-unreachable') return undefined;
    throw error;
  }
}

async function targetOf(
  files: LakeFiles,
  path: string,
  listing: Listing,
  call: SourceCall
): Promise<Target | undefined> {
  const { kind, format } = await kindOf(files, path, listing, call);
  if (kind === 'iceberg') return { kind, path };
  return kind === 'dataset' && format ? { kind, dataset: { path, format, isFile: false } } : undefined;
}

/** The folder of a schema. @throws ProblemError `source-not-found` where its path is none of ours */
function folderOf(schema: string): string {
  const levels = levelsOf(schema);
  if (levels.some(level => level === '' || level === '.' || level === '..' || /[/\\\0]/.test(level)))
    throw new ProblemError('source-not-found', `There is no schema ${levels.join('/')}. Refresh the source.`);
  return levels.join('/');
}

function entryOf(name: string): TableEntry {
  return { name, type: 'table' };
}

function bareName(name: string): string {
  return name.replace(/\.(parquet|parq|csv|csv\.gz)$/i, '');
}

function lastOf(root: string): string {
  return root.split(/[/\\]/).filter(Boolean).at(-1) ?? 'files';
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
