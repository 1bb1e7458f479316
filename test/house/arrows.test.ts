import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** For each rule a file that breaks it, and what else must exist for that. */
const offences: Record<string, { from: string; imports: string }> = {
  'contract-needs-zod-only': { from: 'contract/bad.ts', imports: 'express' },
  'browser-and-server-never-meet': { from: 'src/share/meets.ts', imports: '../../server/app.js' },
  'server-and-browser-never-meet': { from: 'server/meets.ts', imports: '../src/share/meets.js' },
  'features-do-not-import-features': { from: 'src/share/neighbour.ts', imports: '../tables/model.js' },
  'model-knows-no-view': { from: 'src/tables/model.ts', imports: '@lumino/widgets' },
  'api-knows-no-feature': { from: 'src/api/bad.ts', imports: '../share/meets.js' },
  'nobody-imports-a-plugin': { from: 'src/share/bad.ts', imports: './plugin.js' },
  'services-know-no-transport': { from: 'server/share/service.ts', imports: 'express' },
  'only-compose-sees-adapters': { from: 'server/share/sees.ts', imports: '../adapters/one/index.js' },
  'adapters-see-ports-only': { from: 'server/adapters/two/index.ts', imports: '../../share/service.js' },
  'ports-import-types-only': { from: 'server/share/ports.ts', imports: './service.js' },
  'pino-in-logging-only': { from: 'server/share/logs.ts', imports: 'pino' },
  'databases-in-adapters-only': { from: 'server/share/data.ts', imports: 'node:sqlite' },
  'rendering-libraries-in-render-only': { from: 'server/share/cleans.ts', imports: 'sanitize-html' },
  'secretlint-in-the-gate-only': { from: 'server/share/lints.ts', imports: '@secretlint/core' },
  'no-circles': { from: 'server/share/circle.ts', imports: './circle.js' }
};

interface Report {
  summary: { violations: { from: string; rule: { name: string } }[] };
}

const config = resolve('.dependency-cruiser.cjs');
const tree = mkdtempSync(join(tmpdir(), 'lakeside-arrows-'));
let report: Report;

function write(file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
}

beforeAll(() => {
  symlinkSync(resolve('node_modules'), join(tree, 'node_modules'));
  for (const file of ['server/app.ts', 'src/share/plugin.ts', 'server/adapters/one/index.ts']) {
    write(file, 'export const there = 1;\n');
  }
  for (const { from, imports } of Object.values(offences))
    write(from, `import * as it from '${imports}';\nexport { it };\n`);
  write('tsconfig.json', '{ "compilerOptions": { "module": "ESNext", "moduleResolution": "bundler" } }');
  const depcruise = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [depcruise, 'contract', 'src', 'server', '--config', config, '--output-type', 'json'];
  const options = { cwd: tree, encoding: 'utf8' as const, maxBuffer: 64 * 1024 * 1024 };
  try {
    report = JSON.parse(execFileSync(process.execPath, args, options)) as Report;
  } catch (error) {
    // It exits with the number of violations.
    report = JSON.parse((error as { stdout: string }).stdout) as Report;
  }
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe('dependency rules', () => {
  test.each(Object.entries(offences))('%s bites', (rule, { from }) => {
    const caught = report.summary.violations.filter(violation => violation.from === from).map(it => it.rule.name);
    expect(caught).toContain(rule);
  });

  test('every rule is proven here', () => {
    const { forbidden } = createRequire(import.meta.url)(config) as { forbidden: { name: string }[] };
    expect(forbidden.map(rule => rule.name).sort()).toEqual(Object.keys(offences).sort());
  });
});
