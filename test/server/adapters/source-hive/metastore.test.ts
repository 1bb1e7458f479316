import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHiveSource } from '../../../../server/adapters/source-hive/index.js';
import { HiveSettings } from '../../../../server/adapters/source-hive/settings.js';
import { AnswerReader, encodeCall, NotThrift } from '../../../../server/adapters/source-hive/thrift.js';
import { hiveField } from '../../../../server/adapters/source-hive/types.js';
import { asking, lakeSurroundings } from '../../../support/tables/lake.js';

/** A server that answers each question with bytes, by the method it calls. */
async function twin(answer: (method: string) => Buffer | undefined) {
  const methods: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', bytes => {
      const method = bytes.toString('latin1', 8, 8 + bytes.readInt32BE(4));
      methods.push(method);
      const said = answer(method);
      if (said) socket.write(said);
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const source = createHiveSource(HiveSettings.parse({ host: '127.0.0.1', port }), lakeSurroundings());
  onTestFinished(async () => {
    await source.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { source, methods };
}

/** An answer with one field: what a question with that argument would be, but for its kind. */
function reply(kind: number, args: Parameters<typeof encodeCall>[2]): Buffer {
  const bytes = encodeCall('any', 1, args);
  bytes.writeUInt8(kind, 3);
  return bytes;
}
const texts = (...all: string[]): Buffer => reply(2, [[0, all]]);
const unknown = (): Buffer => reply(3, [[1, 'Invalid method name']]);

describe('the protocol', () => {
  test('an answer is read whatever pieces it comes in', () => {
    const bytes = texts('one', 'zwölf', '机场');
    for (const size of [1, 2, 3, 7, 1000]) {
      const reader = new AnswerReader();
      let found: unknown;
      for (let at = 0; at < bytes.length; at += size) found = reader.take(bytes.subarray(at, at + size)) ?? found;
      expect(found).toEqual(new Map([[0, ['one', 'zwölf', '机场']]]));
    }
  });

  test.each([
    ['words', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    [
      'a length that cannot be',
      Buffer.concat([texts('a').subarray(0, 15), Buffer.from([15, 0, 0, 11, 0x7f, 0xff, 0xff, 0xff])])
    ],
    ['a type that cannot be', Buffer.concat([texts('a').subarray(0, 15), Buffer.from([99, 0, 0])])]
  ])('%s are no answer', (_name, bytes) => {
    expect(() => {
      const reader = new AnswerReader();
      reader.take(bytes);
      reader.take(Buffer.alloc(64));
    }).toThrow(NotThrift);
  });
});

describe('the source', () => {
  test('a list is names alone, and get_table_meta is never asked', async () => {
    const { source, methods } = await twin(method => (method === 'get_tables_by_type' ? texts('b') : texts('a', 'b')));
    const found = [];
    for await (const some of source.names('sales', asking())) found.push(...some);
    expect(found).toEqual([
      { name: 'a', type: 'table' },
      { name: 'b', type: 'view' }
    ]);
    expect(methods).toEqual(['get_all_tables', 'get_tables_by_type']);
  });

  test('an old metastore that cannot tell views apart, a new one without get_table', async () => {
    const table = { structs: [] };
    const { source, methods } = await twin(method => {
      if (method === 'get_all_tables') return texts('a');
      if (method === 'get_table_req')
        return reply(2, [
          [
            0,
            [
              [
                1,
                [
                  [1, 'a'],
                  [8, table],
                  [12, 'MANAGED_TABLE']
                ]
              ]
            ]
          ]
        ]);
      return unknown();
    });
    const found = [];
    for await (const some of source.names('sales', asking())) found.push(...some);
    expect(found).toEqual([{ name: 'a', type: 'table' }]);
    expect((await source.facts({ schema: 'sales', table: 'a' }, asking())).type).toBe('table');
    expect(methods.slice(-2)).toEqual(['get_table', 'get_table_req']);
  });

  test('what the metastore throws', async () => {
    const { source } = await twin(() => reply(2, [[2, [[1, 'sales.a table not found']]]]));
    await expect(source.facts({ schema: 'sales', table: 'a' }, asking())).rejects.toMatchObject({
      code: 'source-not-found'
    });
    const other = await twin(() => reply(2, [[1, [[1, 'Permission denied: user=ana']]]]));
    await expect(other.source.schemas(asking())).rejects.toMatchObject({ code: 'source-forbidden' });
  });

  test('another server at that port, and one that says nothing: within five seconds', async () => {
    const { source } = await twin(() => Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'));
    await expect(source.schemas(asking())).rejects.toMatchObject({ code: 'source-failed' });
    expect((await source.check(asking()))[0]).toMatchObject({
      state: 'failed',
      cure: expect.stringMatching(/^Check port/) as string
    });
    const silent = await twin(() => undefined);
    const began = performance.now();
    await expect(silent.source.facts({ schema: 'a', table: 'b' }, asking())).rejects.toMatchObject({
      code: 'source-unreachable'
    });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

test('types of Hive, nested ones with what is in them', () => {
  expect(hiveField('x', 'map<string,struct<a:decimal(10,2),b:array<timestamp>>>')).toMatchObject({
    kind: 'map',
    fields: [
      { name: 'key', kind: 'string' },
      {
        name: 'value',
        kind: 'struct',
        fields: [
          { name: 'a', type: 'decimal(10,2)', kind: 'decimal' },
          { name: 'b', kind: 'list', fields: [{ name: 'element', kind: 'timestamp' }] }
        ]
      }
    ]
  });
  expect(hiveField('x', 'varchar(20)').kind).toBe('string');
  expect(hiveField('x', 'uniontype<int,string>').kind).toBe('other');
});
