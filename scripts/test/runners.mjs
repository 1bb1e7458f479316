// The runners of `npm test` and how each is started.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { node24, program, root } from '../setup/places.mjs';
import { junitCounts, playwrightCounts, vitestCounts } from './counts.mjs';

// One less than there are cores would be one on small machines, and these tests take longest of all.
const workers = Math.max(2, availableParallelism() - 1);

const vitestProjects = ['contract', 'server', 'house', 'src', 'views'];

/** What `--only` takes. */
export const runnerNames = [...vitestProjects, 'python', 'journey'];

/**
 * The runs to make, in order.
 *
 * @param only - names of runners; none means all
 * @param args - arguments for the runners
 */
export function plan(only, args) {
  const wanted = name => only.length === 0 || only.includes(name);
  const projects = vitestProjects.filter(wanted);
  const runs = [];
  if (projects.length > 0) {
    runs.push({
      title: projects.join(', '),
      report: 'vitest.json',
      read: vitestCounts,
      command: report => [
        node24().node,
        'node_modules/vitest/vitest.mjs',
        'run',
        ...projects.flatMap(project => ['--project', project]),
        `--maxWorkers=${workers}`,
        '--retry=1',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...args
      ]
    });
  }
  if (wanted('python')) {
    runs.push({
      title: 'python',
      report: 'pytest.xml',
      read: junitCounts,
      command: report => [
        program('pytest'),
        '-q',
        '-m',
        'not wheel and not databases',
        '--reruns=1',
        `--junit-xml=${report}`,
        ...args
      ]
    });
  }
  if (wanted('journey')) {
    runs.push({
      title: 'journey in JupyterLab and Chromium',
      report: 'journey.json',
      read: playwrightCounts,
      needsChromium: true,
      environment: report => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: report }),
      command: () => [
        node24().node,
        'node_modules/@playwright/test/cli.js',
        'test',
        '-c',
        'test/browser/playwright.config.ts',
        '--project',
        'journey',
        ...args
      ]
    });
  }
  return runs;
}

/**
 * Runs one to its end and counts. A runner that fails without naming a test counts as one failure.
 *
 * @param print - takes what it says
 */
export async function runOne(run, env, print) {
  const report = join(root, 'test-results', 'counts', run.report);
  rmSync(report, { force: true });
  const code = await start(run.command(report), { ...env, ...run.environment?.(report) }, print);
  try {
    const counts = run.read(report);
    if (code === 0 || counts.failed > 0) return counts;
    return { ...counts, passed: run.isOneCheck ? 0 : counts.passed, failed: 1 };
  } catch (error) {
    print(`${run.title} left no report that can be read: ${error.message}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const ends = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function start([command, ...args], env, print) {
  return new Promise(resolve => {
    const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
    const child = spawn(command, args, { cwd: root, env: { ...env, ...colours }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', print);
    const forward = signal => child.kill(signal);
    for (const signal of ends) process.once(signal, forward);
    child.once('error', error => {
      print(`${command} cannot be started: ${error.message}\n`);
      resolve(1);
    });
    child.once('close', code => {
      for (const signal of ends) process.removeListener(signal, forward);
      resolve(code ?? 1);
    });
  });
}
