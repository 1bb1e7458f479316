import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openApiDocument } from '../../contract/openapi.js';
import { allRoutes } from '../../contract/routes.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const committed = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, { operationId: string }>>;
};

test('docs/openapi.json is what the contract says (else: npm run openapi)', () => {
  expect(committed).toEqual(JSON.parse(JSON.stringify(openApiDocument(version))));
});

test('every route is in it, under its id', () => {
  const ids = Object.values(committed.paths).flatMap(path =>
    Object.values(path).map(operation => operation.operationId)
  );
  expect(ids.sort()).toEqual(
    allRoutes()
      .map(route => route.id)
      .sort()
  );
});

test('ids and addresses are unique', () => {
  const addresses = allRoutes().map(route => `${route.method} ${route.path}`);
  expect(new Set(addresses).size).toBe(addresses.length);
});
