import { nullTranslator } from '@jupyterlab/translation';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { AddModel } from '../../../../src/tables/add/addModel.js';
import { fieldsOf, kindsOf } from '../../../../src/tables/add/kinds.js';
import { FakeTables } from '../support.js';

const trans = nullTranslator.load('lakeside');
const settled = () => new Promise(resolve => setTimeout(resolve, 5));

function make(kind: string, texts: Record<string, string> = {}) {
  const fake = new FakeTables();
  const model = new AddModel({ client: fake.client, kinds: kindsOf(trans), taken: () => ['lake'], trans });
  model.choose(kind);
  model.rename('sales');
  for (const [path, text] of Object.entries(texts)) model.change(path, text);
  return { fake, model };
}

const POSTGRES = { host: 'db', database: 'shop', user: 'reader' };

/** A part of a JSON Schema. */
interface Schema {
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
  enum?: string[];
  type?: string;
  default?: unknown;
  const?: string;
}

test('the kinds and their fields are those that the configuration knows', () => {
  const whole = JSON.parse(readFileSync('docs/operators/config.schema.json', 'utf8')) as {
    properties: { sources: { additionalProperties: { oneOf: Schema[] } } };
  };
  const known = whole.properties.sources.additionalProperties.oneOf;
  const kinds = kindsOf(trans);
  const plugins = known.map(({ properties }) => properties?.['kind']?.const);
  expect(new Set(kinds.map(({ kind }) => kind))).toEqual(new Set(plugins.filter(kind => kind !== 'memory')));
  for (const { id, kind, ...rest } of kinds) {
    const schema = known.find(({ properties }) => properties?.['kind']?.const === kind)!;
    const fields = fieldsOf({ id, kind, ...rest });
    for (const { path, input, isRequired, options } of fields) {
      const names = path.split('.');
      let at: Schema | undefined = schema;
      for (const name of names) at = at?.properties?.[name];
      expect(at, `${kind} ${path}`).toBeDefined();
      if (input === 'secret') {
        expect(
          at!.anyOf?.flatMap(({ properties = {} }) => Object.keys(properties)),
          path
        ).toEqual(['env', 'file', 'credential']);
      } else if (input === 'choice') {
        expect(options!.map(({ value }) => value).toSorted(), path).toEqual(at!.enum?.toSorted());
        expect(options![0]?.value).toBe(at!.default);
      } else expect({ text: 'string', number: 'integer', names: 'array' }[input], path).toBe(at!.type ?? 'string');
      if (names.length === 1 && !(kind === 'files')) {
        expect(isRequired === true, `${kind} ${path}`).toBe(
          schema.required!.includes(path) && at!.default === undefined
        );
      }
    }
    const asked = new Set(fields.map(({ path }) => path));
    const needed = schema.required!.filter(name => name !== 'kind' && schema.properties![name]!.default === undefined);
    expect(needed.filter(name => !asked.has(name))).toEqual([]);
  }
});

describe('settings', () => {
  test('are sent as the configuration has them: secrets by reference, what is empty or usual left out', async () => {
    const { fake, model } = make('postgresql', {
      ...POSTGRES,
      port: ' 5433 ',
      password: 'SHOP_PASSWORD',
      tls: 'prefer',
      schemas: 'sales, mart_*,',
      ca: ' '
    });
    await model.add();
    const settings = {
      kind: 'postgresql',
      ...POSTGRES,
      port: 5433,
      password: { env: 'SHOP_PASSWORD' },
      schemas: ['sales', 'mart_*']
    };
    expect(fake.bodies).toEqual([{ settings }]);
    expect(fake.calls.at(-1)?.url).toBe('/tables/sources/sales');
    model.place('password', 'file');
    model.change('password', '/run/secrets/shop');
    model.change('tls', 'verify');
    await model.test();
    const tested = { ...settings, password: { file: '/run/secrets/shop' }, tls: 'verify', label: 'sales' };
    expect(fake.bodies.at(-1)).toEqual({ settings: tested });
    // The profile of the password may say who signs in.
    model.place('password', 'credential');
    model.change('password', 'warehouse');
    model.change('user', '');
    await model.test();
    const { user: _, ...others } = tested;
    expect(fake.bodies.at(-1)).toEqual({ settings: { ...others, password: { credential: 'warehouse' } } });
  });

  test('that lie deeper are put where they belong', async () => {
    const { fake, model } = make('bucket', {
      'bucket.bucket': 'lake',
      'bucket.credentials.accessKeyId': 'AK',
      'bucket.credentials.secretAccessKey': 'LAKE_SECRET'
    });
    await model.add();
    const credentials = { accessKeyId: 'AK', secretAccessKey: { env: 'LAKE_SECRET' } };
    expect(fake.bodies).toEqual([{ settings: { kind: 'files', bucket: { bucket: 'lake', credentials } } }]);
  });

  test('that another kind does not have are not sent, and are there again with the first', async () => {
    const { fake, model } = make('postgresql', POSTGRES);
    model.choose('hive');
    await model.add();
    expect(fake.bodies).toEqual([{ settings: { kind: 'hive', host: 'db', user: 'reader' } }]);
    model.choose('postgresql');
    expect(model.state.texts['database']).toBe('shop');
  });
});

describe('what is wrong', () => {
  test('and can be seen here is said at its field, and nothing is sent', async () => {
    const { fake, model } = make('mysql', { port: 'many' });
    model.rename('Sales DB');
    await model.add();
    expect(Object.keys(model.state.faults).toSorted()).toEqual(['host', 'name', 'port', 'user']);
    expect(model.state.refusals).toBe(1);
    model.change('host', 'db');
    expect(Object.keys(model.state.faults).toSorted()).toEqual(['name', 'port', 'user']);
    model.rename('lake');
    model.change('user', 'reader');
    model.change('port', '3307');
    await model.add();
    expect(model.state.faults).toEqual({ name: 'There is a source "lake" already. Choose another name.' });
    expect(fake.calls).toEqual([]);
  });

  test('is said before a secret that was typed in place of its variable or its file leaves the page', async () => {
    const { fake, model } = make('postgresql', { ...POSTGRES, password: 'hunter-2!' });
    await model.test();
    await model.add();
    expect(model.state.faults['password']).toContain('never the secret itself');
    model.place('password', 'file');
    model.change('password', 'hunter-2!');
    await model.test();
    expect(model.state.faults['password']).toContain('never the secret itself');
    model.place('password', 'credential');
    await model.test();
    expect(model.state.faults['password']).toContain('no name of a profile');
    model.change('user', '');
    model.place('password', 'env');
    await model.test();
    expect(model.state.faults['user']).toBe('This is needed.');
    expect(fake.calls).toEqual([]);
    expect(JSON.stringify(model.state.faults)).not.toContain('hunter');
  });

  test('in the eyes of the server comes to the field that it is about, without its name', async () => {
    const { fake, model } = make('iceberg', { uri: 'x' });
    const errors = [
      { field: 'uri', message: 'uri must be an address that begins with https:// or http://.' },
      { field: 'token.env', message: 'token.env must be the name of a variable.' },
      { field: 'oauth', message: 'oauth must have a secret.' },
      { field: '', message: ' must have token or oauth, not both.' },
      { field: 'sources.other.kind', message: 'sources.other.kind is not known.' }
    ];
    fake.failures.push({ id: 'tables.test', error: new ProblemError('invalid', 'x', { errors }) });
    await model.test();
    expect(model.state).toMatchObject({
      faults: {
        uri: 'Must be an address that begins with https:// or http://.',
        token: 'Must be the name of a variable.',
        'oauth.clientId': 'Must have a secret.'
      },
      others: ['Must have token or oauth, not both.', 'sources.other.kind is not known.'],
      busy: undefined,
      refusals: 1
    });
  });
});

test('what a test found is about the settings that were tested: a change ends it, and what comes late counts nothing', async () => {
  const { fake, model } = make('postgresql', POSTGRES);
  fake.test = { ok: true, findings: [{ state: 'ok', detail: 'fine' }] };
  await model.test();
  expect(model.state.test?.ok).toBe(true);
  model.rename('other');
  expect(model.state.test?.ok).toBe(true);
  const letGo = fake.hold('/test');
  const testing = model.test();
  await settled();
  expect(model.state).toMatchObject({ busy: 'testing', test: undefined });
  model.change('host', 'other');
  expect(model.state.busy).toBeUndefined();
  letGo();
  await testing;
  expect(model.state).toMatchObject({ test: undefined, problem: undefined });
});
