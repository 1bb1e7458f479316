import { ProblemError } from '../../contract/problem.js';
import { toProblem } from '../http/problem.js';
import { note, print } from './output.js';
import { pluginKitUsage, renderUsage, runUsage, scanUsage, shareUsage, sourcesUsage, targetsUsage } from './usage.js';

/** A command of the CLI: takes its arguments, answers with the exit code. */
export type Command = (args: readonly string[]) => Promise<number>;

const commands: Record<string, { summary: string; usage?: string; load: () => Promise<Command> }> = {
  render: {
    summary: 'Writes a notebook as one self-contained HTML page',
    usage: renderUsage,
    load: async () => (await import('./render.js')).render
  },
  share: {
    summary: 'Shares a notebook to the Library',
    usage: shareUsage,
    load: async () => (await import('./share.js')).share
  },
  scan: {
    summary: 'Says what looks like a secret in notebooks',
    usage: scanUsage,
    load: async () => (await import('./scan.js')).scan
  },
  run: {
    summary: 'Runs a notebook once and keeps its output',
    usage: runUsage,
    load: async () => (await import('./notebookRun/run.js')).run
  },
  schedule: {
    summary: 'Makes, checks and works on schedules',
    load: async () => (await import('./schedule/index.js')).schedule
  },
  runs: {
    summary: 'Lists runs of schedules, tells and ends them',
    load: async () => (await import('./runs/index.js')).runs
  },
  library: {
    summary: 'Lists, searches and works on shared notebooks',
    load: async () => (await import('./library.js')).library
  },
  targets: {
    summary: 'Lists the wikis of the configuration, and tests them',
    usage: targetsUsage,
    load: async () => (await import('./targets.js')).targets
  },
  sources: {
    summary: 'Lists the sources of tables, and tests them',
    usage: sourcesUsage,
    load: async () => (await import('./sources.js')).sources
  },
  tables: {
    summary: 'Lists, searches and shows tables',
    load: async () => (await import('./tables/index.js')).tables
  },
  credentials: {
    summary: 'Signs in, and gives keys to kernels and programs',
    load: async () => (await import('./credentials/index.js')).credentials
  },
  'plugin-kit': {
    summary: 'Says where the npm package for authors of plug-ins lies',
    usage: pluginKitUsage,
    load: async () => (await import('./pluginKit.js')).pluginKit
  },
  doctor: {
    summary: 'Checks that everything Lakeside needs is here and works',
    usage: 'lakeside doctor [--json]',
    load: async () => (await import('./doctor.js')).doctor
  }
};

/**
 * Runs the CLI.
 *
 * @returns exit code: 0 done, 1 a fault on this machine or of Lakeside, 2 something is wrong with what was given
 */
export async function run(args: readonly string[]): Promise<number> {
  const [name = '--help', ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') {
    printHelp();
    return 0;
  }
  if (name === '--version') {
    print(`lakeside ${LAKESIDE_VERSION}`);
    return 0;
  }
  try {
    const command = commands[name];
    if (command === undefined) {
      throw new ProblemError('bad-request', `There is no command "${name}". See: lakeside --help`);
    }
    if (command.usage !== undefined && rest.includes('--help')) {
      print(command.usage);
      return 0;
    }
    return await (
      await command.load()
    )(rest);
  } catch (error) {
    const problem = toProblem(error);
    note(`lakeside: ${problem.message}`);
    for (const field of problem.errors?.slice(1) ?? []) note(`  ${field.field}: ${field.message}`);
    if (problem.code === 'internal' && error instanceof Error) note(error.stack ?? error.message);
    return problem.status < 500 ? 2 : 1;
  }
}

function printHelp(): void {
  print('lakeside: share notebooks, keep every version, find them again\n');
  for (const [name, command] of Object.entries(commands)) print(`  lakeside ${name.padEnd(11)} ${command.summary}`);
  print('\n  lakeside COMMAND --help says how a command is written. Docs: docs/users/cli.md');
}
