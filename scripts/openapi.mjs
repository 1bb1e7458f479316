// Writes docs/openapi.json from the contract; with --check says whether it is up to date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import prettier from 'prettier';

const file = 'docs/openapi.json';
const bundled = 'node_modules/.cache/lakeside/openapi.mjs';
await build({
  entryPoints: ['contract/openapi.ts'],
  outfile: bundled,
  bundle: true,
  format: 'esm',
  platform: 'node',
  logLevel: 'warning'
});
const { openApiDocument } = await import(new URL(`../${bundled}`, import.meta.url).href);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const text = await prettier.format(JSON.stringify(openApiDocument(version)), { parser: 'json', printWidth: 120 });
const old = (() => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
})();
if (process.argv.includes('--check')) {
  if (old !== text) {
    console.error(`${file} is not what the contract says. Run: npm run openapi`);
    process.exit(1);
  }
} else {
  mkdirSync('docs', { recursive: true });
  writeFileSync(file, text);
}
