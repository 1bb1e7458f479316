import type { SchemaPath } from '../../../contract/tables/index.js';
import { Dictionary, SchemaColumns } from './columns.js';
import { SchemaNames } from './names.js';
import type { Kept, StagedKind } from './ports.js';

interface Part {
  names?: SchemaNames;
  columns?: SchemaColumns;
}

/** The names of one source in memory. */
export class SourceNames {
  asOf: number | undefined;
  private readonly parts = new Map<SchemaPath, Part>();
  private order: [SchemaPath, Part][] | undefined;
  private readonly staged = new Map<string, string[]>();
  private readonly names = new Dictionary();
  private readonly types = new Dictionary();

  get dictionary(): Dictionary {
    return this.names;
  }

  get typeTexts(): Dictionary {
    return this.types;
  }

  /** By schema, in the order of their paths. */
  schemas(): readonly [SchemaPath, Readonly<Part>][] {
    return (this.order ??= [...this.parts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  }

  kept(): Kept {
    const schemas = this.schemas().map(([schema, { names, columns }]) => ({
      schema,
      tables: names?.size,
      columns: columns?.size,
      columnsAt: columns?.at
    }));
    return { asOf: this.asOf, schemas };
  }

  of(schema: SchemaPath): Readonly<Part> | undefined {
    return this.parts.get(schema);
  }

  stage(schema: SchemaPath, kind: StagedKind, text: string): void {
    const key = `${kind} ${schema}`;
    const texts = this.staged.get(key);
    if (texts === undefined) this.staged.set(key, [text]);
    else texts.push(text);
  }

  drop(schema: SchemaPath, kind: StagedKind): void {
    this.staged.delete(`${kind} ${schema}`);
  }

  commit(schema: SchemaPath, kind: StagedKind, at: number): { count: number; changed: boolean } {
    const lines = (this.staged.get(`${kind} ${schema}`) ?? []).flatMap(linesOf);
    this.drop(schema, kind);
    return this.take(schema, kind, lines, at);
  }

  /** Replaces what there is of a schema. @param at - when it was read, in milliseconds since 1970 */
  take(
    schema: SchemaPath,
    kind: StagedKind,
    lines: readonly string[],
    at: number
  ): { count: number; changed: boolean } {
    return kind === 'names' ? this.setNames(schema, lines) : this.setColumns(schema, lines, at);
  }

  /** Forgets schemas that are not there any more. */
  only(schemas: readonly SchemaPath[]): void {
    this.order = undefined;
    const wanted = new Set(schemas);
    for (const [schema, { columns }] of this.parts) {
      if (wanted.has(schema)) continue;
      columns?.count(this.names, -1);
      this.parts.delete(schema);
    }
    for (const schema of schemas) if (!this.parts.has(schema)) this.parts.set(schema, {});
  }

  /** Which columns there are, as lines by schema. */
  *columnTexts(): Iterable<{ schema: SchemaPath; at: number; text: string }> {
    for (const [schema, { columns }] of this.schemas()) {
      if (columns !== undefined) {
        yield { schema, at: columns.at, text: columns.text({ names: this.names, types: this.types }) };
      }
    }
  }

  private setNames(schema: SchemaPath, lines: readonly string[]): { count: number; changed: boolean } {
    const part = this.partOf(schema);
    const names = SchemaNames.of(lines);
    const changed = part.names === undefined || !names.equals(part.names);
    if (changed) part.names = names;
    return { count: names.size, changed };
  }

  private setColumns(schema: SchemaPath, lines: readonly string[], at: number): { count: number; changed: boolean } {
    const part = this.partOf(schema);
    const columns = SchemaColumns.of(lines, { names: this.names, types: this.types }, at);
    part.columns?.count(this.names, -1);
    columns.count(this.names, 1);
    part.columns = columns;
    return { count: columns.size, changed: true };
  }

  private partOf(schema: SchemaPath): Part {
    const known = this.parts.get(schema);
    if (known !== undefined) return known;
    const made: Part = {};
    this.order = undefined;
    this.parts.set(schema, made);
    return made;
  }
}

/** Lines of a text of which each ends with a new line. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
