import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { builtInPlugins } from '../../../server/composePlugins.js';
import { configurationJsonSchema } from '../../../server/configuration/schema.js';

test('docs/operators/config.schema.json is what the code says (else: npm run config-schema)', () => {
  const committed = JSON.parse(readFileSync('docs/operators/config.schema.json', 'utf8')) as unknown;
  expect(committed).toEqual(JSON.parse(JSON.stringify(configurationJsonSchema(builtInPlugins()))));
});
