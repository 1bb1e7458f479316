// Checks the types of every part.
import { spawnSync } from 'node:child_process';

// The second one holds the server too: checking that by itself would find nothing else.
let failed = false;
for (const project of ['tsconfig.json', 'test/tsconfig.json']) {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], {
    stdio: 'inherit'
  });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
