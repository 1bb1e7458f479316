// Writes the code that server/tables/code makes of what standard input asks for: [{source, ref, reach, columns}] → [[Snippet]].
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: ['server/tables/code/index.ts'],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node'
});
const code = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
const asked = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(
  JSON.stringify(asked.map(({ source, ref, reach, columns }) => code.snippetsOf(source, ref, reach, columns)))
);
