import { describe, expect, it } from 'vitest';
import { MySqlSettings } from '../../../../server/adapters/source-mysql/settings.js';
import { valueOf as mySqlValue } from '../../../../server/adapters/source-mysql/types.js';
import { PostgresSettings, RedshiftSettings } from '../../../../server/adapters/source-postgresql/settings.js';
import { kindOf } from '../../../../server/adapters/source-postgresql/types.js';
import { createBudget, longestValue, sizeText } from '../../../../server/tables/databases/budget.js';
import { connectionProblem, saidBy } from '../../../../server/tables/databases/problems.js';
import { allowsSchema } from '../../../../server/tables/databases/settings.js';

describe('settings of databases', () => {
  it('need little, and take secrets by reference alone', () => {
    const least = { host: 'db', user: 'reader', database: 'shop' };
    expect(PostgresSettings.parse(least)).toEqual({ ...least, port: 5432, tls: 'prefer' });
    expect(RedshiftSettings.parse(least).port).toBe(5439);
    expect(MySqlSettings.parse({ host: 'db', user: 'reader' }).port).toBe(3306);
    expect(PostgresSettings.safeParse({ ...least, password: 'secret' }).success).toBe(false);
    expect(PostgresSettings.safeParse({ ...least, ca: 'relative.pem' }).success).toBe(false);
    expect(PostgresSettings.safeParse({ ...least, tls: 'maybe' }).success).toBe(false);
  });

  it('choose schemas by name and by pattern', () => {
    const allows = allowsSchema(['sales', 'mart_*', 'a.b']);
    expect(['sales', 'mart_', 'mart_\nx', 'a.b'].map(allows)).toEqual([true, true, true, true]);
    expect(['Sales', 'sales2', 'my_mart_x', 'axb'].map(allows)).toEqual([false, false, false, false]);
    expect(allowsSchema(undefined)('anything')).toBe(true);
  });
});

describe('sentences of databases', () => {
  const place = {
    ...{ label: 'Shop', host: 'db', port: 1, user: 'reader', database: 'shop', tls: 'verify' as const },
    settings: 'sources.shop'
  };

  it('never hold the secret, whatever the server says', () => {
    expect(saidBy(new Error('bad  password\nhunter2 for x'), 'hunter2')).toBe('bad password *** for x');
    expect(saidBy(new Error('x'.repeat(1000)), undefined).length).toBe(301);
    expect(saidBy(undefined, 'x')).toBe('');
  });

  it('say what of a certificate is wrong', () => {
    const said = (code: string) => connectionProblem(Object.assign(new Error('no'), { code }), place)?.message;
    expect(said('CERT_HAS_EXPIRED')).toContain('have it renewed');
    expect(said('ERR_TLS_CERT_ALTNAME_INVALID')).toContain('another name than db');
    expect(said('DEPTH_ZERO_SELF_SIGNED_CERT')).toContain('Set ca of sources.shop');
    expect(said('42P01')).toBe(undefined);
  });
});

describe('rows of databases', () => {
  it('stop at the first that does not fit', () => {
    const budget = createBudget(20);
    for (const row of [['abc'], ['abc'], ['abcdefgh'], ['x']]) budget.add(row);
    expect([budget.rows, budget.isFull]).toEqual([[['abc'], ['abc']], true]);
    expect([sizeText(1_000_000), sizeText(64_000), sizeText(10)]).toEqual(['1 MB', '64 kB', '1 kB']);
    expect([longestValue(1_000_000, 1), longestValue(1_000_000, 100), longestValue(1_000, 1000)]).toEqual([
      65_536, 2_500, 256
    ]);
  });

  it('have kinds whatever their types are called', () => {
    expect(
      ['numeric(10,2)', 'timestamp(3) without time zone', 'text[]', 'struct<a:int>', 'tsvector'].map(kindOf)
    ).toEqual(['decimal', 'timestamp', 'list', 'struct', 'other']);
    expect(mySqlValue(Buffer.from('18446744073709551615'), 'bigint unsigned', 'integer')).toBe('18446744073709551615');
    expect(mySqlValue(Buffer.from([2]), 'bit(2)', 'binary')).toBe('10');
    expect(mySqlValue(null, 'text', 'string')).toBe(null);
  });
});
