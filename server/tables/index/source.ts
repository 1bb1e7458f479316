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
  private readonly awaited = new Map<SchemaPath, { size: number; at: number }>();
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
    const schemas = this.schemas().map(([schema, { names, columns }]) => {
      const { size, at } = columns ?? this.awaited.get(schema) ?? {};
      return { schema, tables: names?.size, columns: size, columnsAt: at };
    });
    return { asOf: this.asOf, schemas };
  }

  /** Columns of a schema will come from a file, where nothing newer comes before. */
  await(schema: SchemaPath, awaited: { size: number; at: number }): void {
    this.awaited.set(schema, awaited);
  }

  awaits(schema: SchemaPath): boolean {
    return this.awaited.has(schema);
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

  /** Replaces what there is of a schema by what was staged. @param at - now, in milliseconds since 1970 */
  async commit(schema: SchemaPath, kind: StagedKind, at: number): Promise<{ count: number; changed: boolean }> {
    const lines = (this.staged.get(`${kind} ${schema}`) ?? []).flatMap(linesOf);
    this.drop(schema, kind);
    return kind === 'names' ? this.takeNames(schema, lines) : this.takeColumns(schema, lines, at);
  }

  takeNames(schema: SchemaPath, lines: readonly string[]): { count: number; changed: boolean } {
    const part = this.partOf(schema);
    const names = SchemaNames.of(lines);
    const changed = part.names === undefined || !names.equals(part.names);
    if (changed) part.names = names;
    return { count: names.size, changed };
  }

  /**
   * Searches get their turn meanwhile.
   *
   * @param isKept - they come from a file: where newer ones came meanwhile, those stay
   */
  async takeColumns(
    schema: SchemaPath,
    lines: readonly string[],
    at: number,
    isKept = false
  ): Promise<{ count: number; changed: boolean }> {
    const building = SchemaColumns.building(lines, { names: this.names, types: this.types }, at);
    let step = building.next();
    for (; step.done !== true; step = building.next()) await new Promise(resolve => setImmediate(resolve));
    if (isKept && !this.awaits(schema)) return { count: step.value.size, changed: false };
    const part = this.partOf(schema);
    part.columns?.count(this.names, -1);
    step.value.count(this.names, 1);
    part.columns = step.value;
    this.awaited.delete(schema);
    return { count: step.value.size, changed: true };
  }

  /** Forgets schemas that are not there any more. */
  only(schemas: readonly SchemaPath[]): void {
    this.order = undefined;
    const wanted = new Set(schemas);
    for (const [schema, { columns }] of this.parts) {
      if (wanted.has(schema)) continue;
      columns?.count(this.names, -1);
      this.parts.delete(schema);
      this.awaited.delete(schema);
    }
    for (const schema of schemas) if (!this.parts.has(schema)) this.parts.set(schema, {});
  }

  /** Which columns there are, as lines by schema. */
  *columnTexts(): Iterable<{ schema: SchemaPath; at: number; size: number; text: string }> {
    for (const [schema, { columns }] of this.schemas()) {
      if (columns !== undefined) {
        yield {
          schema,
          at: columns.at,
          size: columns.size,
          text: columns.text({ names: this.names, types: this.types })
        };
      }
    }
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
