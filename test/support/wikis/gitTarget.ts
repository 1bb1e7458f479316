import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createGitWikiTarget, type GitWikiOptions } from '../../../server/adapters/wiki-git/index.js';
import type { ForgeName } from '../../../server/adapters/wiki-git/settings.js';
import type { WikiTarget } from '../../../server/share/wiki/ports.js';
import type { GitWikiServer } from './gitServer.js';

const machines: string[] = [];
afterAll(() => {
  for (const folder of machines.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder for copies, as each machine has one. It goes when the tests of the file are done. */
export function machine(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lakeside-copies-')));
  machines.push(folder);
  return folder;
}

/** Lakeside's target for a wiki of the tests. */
export function gitTarget(
  server: Pick<GitWikiServer, 'url' | 'robot'>,
  forge: ForgeName,
  options: Partial<GitWikiOptions> & { more?: Partial<GitWikiOptions['settings']> } = {}
): WikiTarget {
  const { more, ...rest } = options;
  return createGitWikiTarget({
    settings: { forge, url: server.url, user: server.robot.user, email: 'lakeside@example.org', ...more },
    token: server.robot.token,
    label: 'Lab wiki',
    clock: systemClock,
    cacheDirectory: rest.cacheDirectory ?? machine(),
    environment: { PATH: process.env['PATH'] ?? '' },
    ...rest
  });
}
