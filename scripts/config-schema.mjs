// Writes docs/operators/config.schema.json, the JSON Schema of the configuration file, from its zod schemas.
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import prettier from 'prettier';

const file = 'docs/operators/config.schema.json';
const bundled = 'node_modules/.cache/lakeside/config-schema.mjs';
await build({
  stdin: {
    contents:
      "export { configurationJsonSchema } from './server/configuration/schema.js';\n" +
      "export { builtInPlugins } from './server/composePlugins.js';\n",
    resolveDir: '.'
  },
  outfile: bundled,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  logLevel: 'warning'
});
const { configurationJsonSchema, builtInPlugins } = await import(new URL(`../${bundled}`, import.meta.url).href);
const text = JSON.stringify(configurationJsonSchema(builtInPlugins()));
writeFileSync(file, await prettier.format(text, { parser: 'json', printWidth: 120 }));
