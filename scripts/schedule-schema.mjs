// Writes docs/users/lakeside.schema.json, the JSON Schema of lakeside.yml, from its zod schemas.
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import prettier from 'prettier';

const file = 'docs/users/lakeside.schema.json';
const bundled = 'node_modules/.cache/lakeside/schedule-schema.mjs';
await build({
  stdin: { contents: "export { scheduleFileJsonSchema } from './contract/schedule/file.js';", resolveDir: '.' },
  outfile: bundled,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  logLevel: 'warning'
});
const { scheduleFileJsonSchema } = await import(new URL(`../${bundled}`, import.meta.url).href);
const text = JSON.stringify(scheduleFileJsonSchema());
writeFileSync(file, await prettier.format(text, { parser: 'json', printWidth: 120 }));
