import { HiveSession } from '../../../server/adapters/source-hive/session.js';
import type { Argument } from '../../../server/adapters/source-hive/thrift.js';

/** What the administrator of a metastore does to it in its own language. */
export interface HiveAdmin {
  createDatabase(name: string, location: string): Promise<void>;
  createTable(table: AdminTable): Promise<void>;
  addPartition(database: string, table: string, name: string): Promise<void>;
  drop(database: string, table: string): Promise<void>;
  close(): Promise<void>;
}

export interface AdminTable {
  database: string;
  name: string;
  columns: [name: string, type: string, comment?: string][];
  partitionKeys?: [name: string, type: string][];
  location: string;
  format: 'parquet' | 'text' | 'csv' | 'orc';
  type?: string;
  parameters?: Record<string, string>;
}

const formats = {
  parquet: [
    'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
  ],
  text: ['org.apache.hadoop.mapred.TextInputFormat', 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'],
  csv: ['org.apache.hadoop.mapred.TextInputFormat', 'org.apache.hadoop.hive.serde2.OpenCSVSerde'],
  orc: ['org.apache.hadoop.hive.ql.io.orc.OrcInputFormat', 'org.apache.hadoop.hive.ql.io.orc.OrcSerde']
};

export async function hiveAdmin(port: number): Promise<HiveAdmin> {
  const session = await HiveSession.open('127.0.0.1', port, new AbortController().signal);
  const thrown = ['AlreadyExistsException', 'InvalidObjectException', 'MetaException', 'NoSuchObjectException'];
  const columns = (all: [string, string, string?][]): Argument[] =>
    all.map(([name, type, comment = '']) => [
      0,
      [
        [1, name],
        [2, type],
        [3, comment]
      ]
    ]);
  return {
    async createDatabase(name, location) {
      await session.call(
        'create_database',
        [
          [
            1,
            [
              [1, name],
              [2, ''],
              [3, location]
            ]
          ]
        ],
        thrown
      );
    },
    async createTable({
      database,
      name,
      columns: own,
      partitionKeys = [],
      location,
      format,
      type = 'EXTERNAL_TABLE',
      parameters = {}
    }) {
      const [input = '', serializer = ''] = formats[format];
      const storage: Argument[] = [
        [1, { structs: columns(own) }],
        [2, location],
        [3, input],
        [4, 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'],
        [7, [[2, serializer]]]
      ];
      const table: Argument[] = [
        [1, name],
        [2, database],
        [3, 'ana'],
        [7, storage],
        [8, { structs: columns(partitionKeys) }],
        [9, { texts: parameters }],
        [12, type]
      ];
      await session.call('create_table', [[1, table]], thrown);
    },
    async addPartition(database, table, name) {
      await session.call(
        'append_partition_by_name',
        [
          [1, database],
          [2, table],
          [3, name]
        ],
        thrown
      );
    },
    async drop(database, name) {
      await session.call(
        'drop_table',
        [
          [1, database],
          [2, name],
          [3, { bool: false }]
        ],
        thrown
      );
    },
    close: () => session.end()
  };
}
