import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programs } from '../programs.js';
import { scratch } from '../scratch.js';

export interface CommandLine {
  /** Where the commands run. */
  folder: string;
  lakeside: (...words: string[]) => Promise<{ code: number; out: string }>;
}

/** The command line with a configuration file and a home of its own. `secret` is the variable WIKI_SECRET. */
export function commandLine(config: string[], secret: string): CommandLine {
  const folder = scratch();
  const place = join(folder, 'config', 'lakeside');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'config.yml'), [...config, ''].join('\n'));
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    LAKESIDE_HOME: join(folder, 'home'),
    WIKI_SECRET: secret
  };
  return {
    folder,
    lakeside: (...words) =>
      promisify(execFile)(process.execPath, [join(programs, 'cli.js'), ...words], { env, cwd: folder }).then(
        ({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }),
        (error: unknown) => {
          const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
          return { code, out: stdout + stderr };
        }
      )
  };
}
