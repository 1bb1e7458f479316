import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programs } from '../programs.js';
import { scratch } from '../scratch.js';

export interface WikiCommandLine {
  /** Where the commands run. */
  folder: string;
  /** The home of Lakeside, and the variables with which its processes start. */
  home: string;
  env: Record<string, string>;
  /** Begins `lakeside`, with further variables. */
  begin: (words: string[], more: Record<string, string>) => Command;
  /** Runs `lakeside`. */
  lakeside: (...words: string[]) => Promise<{ code: number; out: string }>;
}

/** A command under way. */
export interface Command {
  child: ChildProcess;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
}

/**
 * A home with one wiki, `data`, in its configuration file, and the command line in it. Goes with the test.
 *
 * @param settings - lines of the wiki, `kind` first; the password is in the variable WIKI_PASSWORD
 * @param key - what its settings call the password
 */
export function wikiCommandLine(settings: string[], password: string, key = 'password'): WikiCommandLine {
  const folder = scratch();
  const config = join(folder, 'config', 'lakeside');
  mkdirSync(config, { recursive: true });
  const wiki = [...settings, 'label: Data wiki', `${key}: { env: WIKI_PASSWORD }`].map(line => `    ${line}`);
  writeFileSync(
    join(config, 'config.yml'),
    ['publicUrl: https://lab.example.org/lakeside', 'targets:', '  data:', ...wiki, ''].join('\n')
  );
  const home = join(folder, 'home');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    LAKESIDE_HOME: home,
    WIKI_PASSWORD: password
  };
  return {
    folder,
    home,
    env,
    begin(words, more) {
      const child = spawn(process.execPath, [join(programs, 'cli.js'), ...words], {
        env: { ...env, ...more },
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe']
      });
      const said = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const)
        child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
      const ended = new Promise<Awaited<Command['ended']>>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, signal) => resolve({ code, signal, ...said }));
      });
      return { child, ended };
    },
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
