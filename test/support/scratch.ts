import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new folder that goes when the test ends. Its path is real: without symbolic links. */
export function scratch(name = 'lakeside'): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `${name}-`));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
