import { ProblemError } from '../../../contract/problem.js';
import type { PluginSurroundings } from '../../plugins/plugin.js';
import { createLanes, type Lanes } from '../../tables/databases/lanes.js';
import { connectionProblem, saidBy, type DatabasePlace } from '../../tables/databases/problems.js';
import type { SourceCall } from '../../tables/ports.js';
import { HiveRefusal, HiveSession } from './session.js';
import type { HiveSettings } from './settings.js';
import { asList, asStruct, asText, asTexts, NotThrift, UnknownMethod, type Argument, type Struct } from './thrift.js';

/** Milliseconds to connect, for one table, for a list. */
const CONNECT = 3_000;
const ONE = 4_500;
const LIST = 30_000;

/** Tables that are asked for at once: a metastore keeps all of an answer in memory. */
const BATCH = 100;

export interface HiveColumn {
  name: string;
  type: string;
  comment: string;
}

/** A table as the metastore has it. */
export interface HiveTable {
  name: string;
  owner: string;
  /** Seconds since 1970. */
  createdAt: number;
  columns: HiveColumn[];
  partitionKeys: HiveColumn[];
  location: string;
  inputFormat: string;
  serializer: string;
  serializerSettings: ReadonlyMap<string, string>;
  parameters: ReadonlyMap<string, string>;
  type: string;
}

/** A Hive metastore. Never asks for `get_table_meta`, which reads all tables for a list of names. */
export class Metastore {
  private readonly lanes: Lanes<HiveSession>;
  private readonly place: DatabasePlace;

  constructor(
    { host, port, user }: HiveSettings,
    { settings }: Pick<PluginSurroundings, 'settings'>,
    private readonly label: string
  ) {
    this.place = { label, host, port, user: user ?? '', database: undefined, tls: 'off', settings };
    this.lanes = createLanes({
      most: 2,
      connect: CONNECT,
      open: async signal => {
        const session = await HiveSession.open(host, port, signal);
        if (user !== undefined) await session.call('set_ugi', [[1, user], [2, []]], ['MetaException']);
        return session;
      }
    });
  }

  databases(call: SourceCall): Promise<string[]> {
    return this.texts(call, LIST, 'the list of databases', 'get_all_databases', [], ['MetaException']);
  }

  tables(database: string, call: SourceCall): Promise<string[]> {
    const what = `the database ${database}`;
    return this.texts(call, LIST, what, 'get_all_tables', [[1, database]], ['MetaException']);
  }

  /** Names of the views; empty where the metastore is too old to tell them apart. */
  async views(database: string, call: SourceCall): Promise<string[]> {
    const args: Argument[] = [
      [1, database],
      [2, '*'],
      [3, 'VIRTUAL_VIEW']
    ];
    try {
      return asList(await this.ask(call, LIST, 'views', 'get_tables_by_type', args, ['MetaException'])).map(asText);
    } catch (error) {
      if (error instanceof UnknownMethod) return [];
      throw error;
    }
  }

  async table(database: string, name: string, call: SourceCall): Promise<HiveTable> {
    const what = `the table ${name}`;
    const throws = ['MetaException', 'NoSuchObjectException'];
    const names: Argument[] = [
      [1, database],
      [2, name]
    ];
    try {
      return tableOf(asStruct(await this.ask(call, ONE, what, 'get_table', names, throws)));
    } catch (error) {
      // Newer ones have another method in its place.
      if (!(error instanceof UnknownMethod)) throw error;
      const found = asStruct(await this.ask(call, ONE, what, 'get_table_req', [[1, names]], throws));
      return tableOf(asStruct(found.get(1)));
    }
  }

  /** Many tables, a hundred at a time. */
  async *many(database: string, names: readonly string[], call: SourceCall): AsyncGenerator<HiveTable[]> {
    const throws = ['MetaException', 'InvalidOperationException', 'UnknownDBException'];
    for (let at = 0; at < names.length; at += BATCH) {
      const args: Argument[] = [
        [1, database],
        [2, names.slice(at, at + BATCH)]
      ];
      const found = await this.ask(call, LIST, `the database ${database}`, 'get_table_objects_by_name', args, throws);
      yield asList(found).map(each => tableOf(asStruct(each)));
    }
  }

  /** Names of partitions, `most` of them at most. */
  partitionNames(database: string, name: string, most: number, call: SourceCall): Promise<string[]> {
    const args: Argument[] = [
      [1, database],
      [2, name],
      [3, { i16: most }]
    ];
    const throws = ['NoSuchObjectException', 'MetaException'];
    return this.texts(call, ONE, `the table ${name}`, 'get_partition_names', args, throws);
  }

  close(): Promise<void> {
    return this.lanes.close();
  }

  private async texts(
    call: SourceCall,
    milliseconds: number,
    what: string,
    method: string,
    args: readonly Argument[],
    throws: readonly string[]
  ): Promise<string[]> {
    return asList(await this.ask(call, milliseconds, what, method, args, throws)).map(asText);
  }

  private async ask(
    { signal }: SourceCall,
    milliseconds: number,
    what: string,
    method: string,
    args: readonly Argument[],
    throws: readonly string[]
  ): Promise<unknown> {
    try {
      return await this.lanes.ask(signal, milliseconds, session => session.call(method, args, throws));
    } catch (error) {
      if (error instanceof UnknownMethod) throw error;
      throw this.problem(error, what);
    }
  }

  private problem(error: unknown, what: string): unknown {
    const { host, port, settings } = this.place;
    const cause = { cause: error };
    if (error instanceof HiveRefusal) {
      const said = saidBy(error, undefined);
      if (/^(NoSuchObject|UnknownDB)/.test(error.kind) || /NoSuchObject|not found|does not exist/i.test(said))
        return new ProblemError('source-not-found', `${this.label} has no ${what.replace(/^the /, '')}. Check its name, and refresh the source.`, cause);
      if (/AccessControl|Permission denied|not authorized|Authorization/i.test(said))
        return new ProblemError('source-forbidden', `${this.label} does not allow ${what} (${said}). Ask for the right to read there.`, cause);
      return new ProblemError('source-failed', `${this.label} failed on ${what} (${said}). Try again; if it stays, tell who runs it.`, cause);
    }
    if (error instanceof NotThrift)
      return new ProblemError(
        'source-failed',
        `${this.label} at ${host}:${port} does not answer as a Hive metastore (${error.message}). Check port of ${settings}: 9083 is usual. Kerberos and framed transport are not supported.`,
        cause
      );
    return connectionProblem(error, this.place) ?? error;
  }
}

function tableOf(fields: Struct): HiveTable {
  const storage = asStruct(fields.get(7));
  const serializer = asStruct(storage.get(7));
  const columns = (value: unknown): HiveColumn[] =>
    asList(value).map(each => {
      const column = asStruct(each);
      return { name: asText(column.get(1)), type: asText(column.get(2)), comment: asText(column.get(3)) };
    });
  return {
    name: asText(fields.get(1)),
    owner: asText(fields.get(3)),
    createdAt: Number(fields.get(4) ?? 0),
    columns: columns(storage.get(1)),
    partitionKeys: columns(fields.get(8)),
    location: asText(storage.get(2)),
    inputFormat: asText(storage.get(3)),
    serializer: asText(serializer.get(2)),
    serializerSettings: asTexts(serializer.get(3)),
    parameters: asTexts(fields.get(9)),
    type: asText(fields.get(12))
  };
}
