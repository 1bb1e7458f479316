import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProblemError } from '../../../contract/problem.js';
import { Column, Preview, SourceTest, TableDetail } from '../../../contract/tables/index.js';
import type { SchemaPath, TableEntry, TableRef } from '../../../contract/tables/index.js';
import type { SourceCall, TableSource } from '../../../server/tables/ports.js';
import { hostileNames } from './hostileNames.js';

/** A source for the suite, and what its administrator does to it by other means. What is absent it cannot have. */
export interface SourceFixture {
  source: TableSource;
  /** An empty schema for the tables of the suite. */
  schema: SchemaPath;
  /** Which names a table may have there. */
  names: {
    longest: number;
    accepts(name: string): boolean;
    /** How many of the hostile ones these are; 200 where absent. */
    least?: number;
  };
  /**
   * Makes tables with two columns, `id` (a whole number) and one called like the table (a text), and three rows:
   * (1, 'one'), (2, 'two'), (3, null).
   */
  seed(tables: readonly string[]): Promise<void>;
  drop(table: string): Promise<void>;
  /** Where rights are given table by table, some servers say of a missing table that it is forbidden. */
  missingMayBeForbidden?: boolean;
  /** A schema that this identity sees and may not use. */
  forbiddenSchema?: SchemaPath;
  /** A table of `schema` that this identity may not read. */
  forbiddenTable?: string;
  /** Tables of which reading a row would write, and what was written by them. */
  writing?: { refs: TableRef[]; written(): Promise<number> };
  /** A table of which the first row takes a minute, and how many the server reads just now. */
  slow?: { ref: TableRef; running(): Promise<number> };
  /** A table with more than 20 rows of more than 100 kB. */
  wide?: TableRef;
  dispose(): Promise<void>;
}

const GENEROUS = { limit: 100, maxBytes: 1_000_000 };
const never: SourceCall = { signal: new AbortController().signal };

/** All that a source lists, in one. */
export async function allOf<T>(parts: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const part of parts) all.push(...part);
  return all;
}

/** The code of the problem that something ends with; `done` where it ends well. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error as ProblemError).code
  );
}

/** What every source of tables must do, whatever it speaks to. */
export function tableSourceSuite(name: string, make: () => Promise<SourceFixture>): void {
  describe(`table source: ${name}`, () => {
    let fixture: SourceFixture;
    let source: TableSource;
    let schema: SchemaPath;
    let hostile: string[];
    const refTo = (table: string): TableRef => ({ schema, table });
    const namesOf = async (path = schema): Promise<string[]> =>
      (await allOf<TableEntry>(source.names(path, never))).map(each => each.name);

    beforeAll(async () => {
      fixture = await make();
      ({ source, schema } = fixture);
      hostile = hostileNames(fixture.names.longest, name => fixture.names.accepts(name));
      await fixture.seed(hostile);
      // Where the suite runs among quick tests, seeding is what takes long.
    }, 300_000);
    afterAll(() => fixture.dispose());

    it('says that nothing fails', async () => {
      const findings = await source.check(never);
      expect(SourceTest.parse({ ok: true, findings }).findings.length).toBeGreaterThan(0);
      expect(findings.filter(({ state }) => state === 'failed')).toEqual([]);
    });

    it('lists the schemas, that of the suite among them', async () => {
      const all = await source.schemas(never);
      expect(all.find(each => each.schema === schema)).toEqual({ schema });
      expect(new Set(all.map(each => each.schema)).size).toBe(all.length);
    });

    it('lists every hostile name as it is, once', async () => {
      expect(hostile.length).toBeGreaterThanOrEqual(fixture.names.least ?? 200);
      const names = await namesOf();
      expect(names.filter(each => hostile.includes(each)).sort()).toEqual([...hostile].sort());
    });

    it('describes every hostile name', async () => {
      for (const table of hostile) {
        const facts = await source.facts(refTo(table), never);
        const { reach, ...rest } = facts;
        const detail = { schema, name: table, source: 's', snippets: [], troubles: [], ...rest };
        expect(TableDetail.safeParse(detail).error).toBe(undefined);
        expect(facts.columns.map(column => [column.name, column.kind])).toEqual([
          ['id', 'integer'],
          [table, 'string']
        ]);
        expect(reach.kind).toBeTruthy();
      }
    });

    it('shows rows of every hostile name', async () => {
      for (const table of hostile) {
        const { columns, rows, more, cut } = await source.rows(refTo(table), GENEROUS, never);
        expect(columns.map(column => column.name)).toEqual(['id', table]);
        expect([...rows].sort((a, b) => Number(a[0]) - Number(b[0]))).toEqual([
          [1, 'one'],
          [2, 'two'],
          [3, null]
        ]);
        expect([more, cut]).toEqual([false, undefined]);
      }
    });

    it('tells the columns of all tables at once, where it can', async () => {
      if (!source.columns) return;
      const found = new Map((await allOf(source.columns(schema, never))).map(each => [each.table, each.columns]));
      for (const table of hostile) expect(found.get(table)?.map(each => each.name)).toEqual(['id', table]);
      for (const columns of found.values()) for (const each of columns) expect(each.type).not.toBe('');
    });

    it('gives as many rows as it is asked for, and says that there are more', async () => {
      const table = hostile[0]!;
      const { rows, more, cut, columns } = await source.rows(refTo(table), { ...GENEROUS, limit: 2 }, never);
      expect(rows.length).toBe(2);
      expect([more, cut]).toEqual([true, undefined]);
      expect(Preview.parse({ columns, rows, more, milliseconds: 0 })).toBeTruthy();
      for (const column of columns) expect(Column.safeParse(column).success).toBe(true);
    });

    it('stops at the bytes it is given, and says so', async () => {
      if (!fixture.wide) return;
      const { rows, more, cut } = await source.rows(fixture.wide, GENEROUS, never);
      expect(Buffer.byteLength(JSON.stringify(rows))).toBeLessThan(1_100_000);
      expect(rows.length).toBeGreaterThan(0);
      if (rows.length < 20) expect([more, cut]).toEqual([true, '1 MB']);
    });

    it('says not-found of a table, a schema and a name that nobody can have', async () => {
      const options = GENEROUS;
      for (const table of ['not there', 'x'.repeat(1000), 'not\0there', `${hostile[0] ?? ''} `]) {
        if (hostile.includes(table)) continue;
        const codes = [source.facts(refTo(table), never), source.rows(refTo(table), options, never)].map(codeOf);
        const may = ['source-not-found', ...(fixture.missingMayBeForbidden === true ? ['source-forbidden'] : [])];
        for (const code of await Promise.all(codes)) expect(may, table).toContain(code);
      }
      const elsewhere = { schema: 'no such schema', table: hostile[0]! };
      expect(await codeOf(source.facts(elsewhere, never))).toMatch(/^source-(not-found|forbidden)$/);
      expect(await codeOf(namesOf('no such schema'))).toMatch(/^source-(not-found|forbidden)$/);
    });

    it('says not-found of a table that is dropped between list and preview, and lists the others', async () => {
      await fixture.seed(['short_lived', 'stays']);
      expect(await namesOf()).toContain('short_lived');
      await fixture.drop('short_lived');
      expect(await codeOf(source.rows(refTo('short_lived'), GENEROUS, never))).toBe('source-not-found');
      expect(await codeOf(source.facts(refTo('short_lived'), never))).toBe('source-not-found');
      const names = await namesOf();
      expect(names).not.toContain('short_lived');
      expect((await source.rows(refTo('stays'), GENEROUS, never)).rows.length).toBe(3);
    });

    it('keeps the trouble of a schema without rights to that schema', async () => {
      const { forbiddenSchema } = fixture;
      if (forbiddenSchema === undefined) return;
      expect(await codeOf(namesOf(forbiddenSchema))).toBe('source-forbidden');
      const schemas = await source.schemas(never);
      const { trouble } = schemas.find(each => each.schema === forbiddenSchema) ?? {};
      if (trouble) expect(trouble.code).toBe('source-forbidden');
      expect(schemas.find(each => each.schema === schema)?.trouble).toBe(undefined);
      expect((await namesOf()).length).toBeGreaterThanOrEqual(hostile.length);
    });

    it('refuses the rows of a table without rights, and still shows its siblings', async () => {
      const { forbiddenTable } = fixture;
      if (forbiddenTable === undefined) return;
      expect(await codeOf(source.rows(refTo(forbiddenTable), GENEROUS, never))).toBe('source-forbidden');
      expect((await source.rows(refTo(hostile[0]!), GENEROUS, never)).rows.length).toBe(3);
    });

    it('never writes, whatever reading would do', async () => {
      const { writing } = fixture;
      if (!writing) return;
      for (const ref of writing.refs) {
        const problem = (await source.rows(ref, GENEROUS, never).catch((error: unknown) => error)) as ProblemError;
        expect([ref.table, problem.code]).toEqual([ref.table, 'source-forbidden']);
        expect(problem.message).toContain('only reads');
      }
      expect(await writing.written()).toBe(0);
      expect((await source.rows(refTo(hostile[0]!), GENEROUS, never)).rows.length).toBe(3);
    });

    it('does nothing once it is cancelled', async () => {
      const call = { signal: AbortSignal.abort() };
      const ref = refTo(hostile[0]!);
      expect(await codeOf(source.schemas(call))).toBe('cancelled');
      expect(await codeOf(allOf(source.names(schema, call)))).toBe('cancelled');
      if (source.columns) expect(await codeOf(allOf(source.columns(schema, call)))).toBe('cancelled');
      expect(await codeOf(source.facts(ref, call))).toBe('cancelled');
      expect(await codeOf(source.rows(ref, GENEROUS, call))).toBe('cancelled');
    });

    it('stops the server too when it is cancelled, and goes on with other questions', async () => {
      const { slow } = fixture;
      if (!slow) return;
      const controller = new AbortController();
      const rows = codeOf(source.rows(slow.ref, GENEROUS, { signal: controller.signal }));
      await expect.poll(() => slow.running(), { timeout: 4_000, interval: 50 }).toBe(1);
      const began = performance.now();
      controller.abort();
      expect(await rows).toBe('cancelled');
      expect(performance.now() - began).toBeLessThan(500);
      await expect.poll(() => slow.running(), { timeout: 1_000, interval: 50 }).toBe(0);
      expect((await source.rows(refTo(hostile[0]!), GENEROUS, never)).rows.length).toBe(3);
    });

    it('gives up what takes longer than 5 seconds, on the server too', async () => {
      const { slow } = fixture;
      if (!slow) return;
      const began = performance.now();
      expect(await codeOf(source.rows(slow.ref, GENEROUS, never))).toBe('source-failed');
      expect(performance.now() - began).toBeLessThan(5_200);
      await expect.poll(() => slow.running(), { timeout: 1_000, interval: 50 }).toBe(0);
    });

    it('answers many questions at once, and slow ones do not hold up others for long', async () => {
      const refs = hostile.slice(0, 40).map(refTo);
      const all = await Promise.all(refs.map(ref => source.rows(ref, GENEROUS, never)));
      expect(all.every(({ rows }) => rows.length === 3)).toBe(true);
      const { slow } = fixture;
      if (!slow) return;
      const controller = new AbortController();
      const waiting = codeOf(source.rows(slow.ref, GENEROUS, { signal: controller.signal }));
      const began = performance.now();
      await source.rows(refs[0]!, GENEROUS, never);
      expect(performance.now() - began).toBeLessThan(1_000);
      controller.abort();
      expect(await waiting).toBe('cancelled');
      await sleep(20);
    });
  });
}
