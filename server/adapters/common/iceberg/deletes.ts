import { ProblemError } from '../../../../contract/problem.js';
import type { SourceCall } from '../../../tables/ports.js';
import type { Field } from '../lake/fields.js';
import { openParquet, readRows } from '../lake/parquet.js';
import { valueOf } from '../lake/values.js';
import type { Entry, TableFiles } from './manifests.js';
import { specOf, type Metadata } from './metadata.js';

/** Files of deleted rows, and rows in them, that are read for a preview. */
const MOST_FILES = 100;
const MOST_ROWS = 2_000_000;

interface EqualityDelete {
  entry: Entry;
  ids: number[];
  keys: Set<string>;
}

/** Rows that are in the files of a table and not in the table. */
export class Deletes {
  private readonly positions = new Map<string, { entry: Entry; at: Set<number> }[]>();
  private readonly equalities: EqualityDelete[] = [];

  private constructor(private readonly metadata: Metadata) {}

  /** Reads them. @throws ProblemError `source-failed` where there are too many, or of a kind that is not known here */
  static async read(
    files: TableFiles,
    metadata: Metadata,
    entries: readonly Entry[],
    call: SourceCall
  ): Promise<Deletes> {
    const rows = entries.reduce((sum, entry) => sum + entry.rows, 0);
    if (entries.length > MOST_FILES || rows > MOST_ROWS)
      throw new ProblemError(
        'source-failed',
        `This table keeps ${rows} deletions in ${entries.length} files beside its rows: too many for a preview. Compact it (rewrite_data_files), or read it by code.`
      );
    const deletes = new Deletes(metadata);
    for (const entry of entries) await deletes.add(files, entry, call);
    return deletes;
  }

  private async add(files: TableFiles, entry: Entry, call: SourceCall): Promise<void> {
    if (entry.format !== 'PARQUET')
      throw new ProblemError(
        'source-failed',
        `This table marks deleted rows in a file of the kind ${entry.format}, which the preview does not know. Read it by code.`
      );
    const parquet = await openParquet(files, entry.path, call, entry.bytes);
    const isWanted = ({ id, name }: Field): boolean =>
      entry.content === 1 ? name === 'file_path' || name === 'pos' : entry.equalityIds.includes(id ?? -1);
    const fields = parquet.fields.filter(isWanted);
    const columns = fields.map(({ name }) => name);
    const { rows } = await readRows(parquet, { from: 0, to: parquet.rows, columns }, call);
    if (entry.content === 1) {
      const byFile = new Map<string, Set<number>>();
      for (const row of rows) {
        const path = String(row['file_path']);
        const at = byFile.get(path) ?? new Set();
        byFile.set(path, at.add(Number(row['pos'])));
      }
      for (const [path, at] of byFile) this.positions.set(path, [...(this.positions.get(path) ?? []), { entry, at }]);
      return;
    }
    const ids = fields.map(({ id }) => id ?? -1);
    const keys = rows.map(row => JSON.stringify(fields.map(field => valueOf(field, row[field.name]))));
    this.equalities.push({ entry, ids, keys: new Set(keys) });
  }

  /** Tells of each row of a file whether it was deleted. `valueOfId` reads a value of it by the number of its column. */
  of(data: Entry): {
    isDeleted: (at: number, valueOfId: (id: number) => unknown) => boolean;
    /** Columns that must be read for that. */
    ids: number[];
  } {
    const positions = (this.positions.get(data.path) ?? []).filter(({ entry }) => entry.sequence >= data.sequence);
    const equalities = this.equalities.filter(
      ({ entry }) => entry.sequence > data.sequence && this.reaches(entry, data)
    );
    return {
      ids: equalities.flatMap(({ ids }) => ids),
      isDeleted: (at, valueOfId) =>
        positions.some(each => each.at.has(at)) ||
        equalities.some(({ ids, keys }) => keys.has(JSON.stringify(ids.map(valueOfId))))
    };
  }

  /** Deletions by value are of one partition, or of all where theirs is of none. */
  private reaches(deleted: Entry, data: Entry): boolean {
    if (specOf(this.metadata, deleted.specId).length === 0) return true;
    const key = ({ partition }: Entry): string =>
      JSON.stringify(partition, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
    return deleted.specId === data.specId && key(deleted) === key(data);
  }
}
