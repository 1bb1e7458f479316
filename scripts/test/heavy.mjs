// The suites beyond `npm test`: lint, kills and disk faults, fuzzing, the whole of the browser tests, the wheel.
import { node24, program } from '../setup/places.mjs';
import { junitCounts, playwrightCounts, vitestCounts } from './counts.mjs';

const vitest = project => report => [
  node24().node,
  'node_modules/vitest/vitest.mjs',
  'run',
  '--project',
  project,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`
];

/** A check that passes or fails as a whole counts as one test. */
const command = (name, title, ...words) => ({
  name,
  title,
  report: `${name}.none`,
  isOneCheck: true,
  read: () => ({ passed: 1, failed: 0, skipped: 0 }),
  command: () => words
});

/** In the order they run: what fails soonest comes first. */
export const heavyRuns = [
  {
    ...command('format', 'formatting'),
    command: () => [node24().node, 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']
  },
  { ...command('types', 'types'), command: () => [node24().node, 'scripts/test/types.mjs'] },
  { ...command('lint', 'lint'), command: () => [node24().node, 'node_modules/eslint/bin/eslint.js', '.'] },
  {
    ...command('arrows', 'dependency rules'),
    command: () => [
      node24().node,
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      'contract',
      'src',
      'server',
      '--config',
      '.dependency-cruiser.cjs'
    ]
  },
  { ...command('python-lint', 'Python lint'), command: () => [program('ruff'), 'check', '.'] },
  { ...command('python-format', 'Python formatting'), command: () => [program('ruff'), 'format', '--check', '.'] },
  { ...command('python-types', 'Python types'), command: () => [program('mypy')] },
  { name: 'fault', title: 'kills and disk faults', report: 'fault.json', read: vitestCounts, command: vitest('fault') },
  { name: 'fuzz', title: 'fuzzing', report: 'fuzz.json', read: vitestCounts, command: vitest('fuzz') },
  {
    name: 'browser',
    title: 'JupyterLab and Notebook in Chromium',
    report: 'browser.json',
    read: playwrightCounts,
    environment: report => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: report }),
    command: () => [
      node24().node,
      'node_modules/@playwright/test/cli.js',
      'test',
      '-c',
      'test/browser/playwright.config.ts',
      '--project',
      'full'
    ]
  },
  {
    name: 'wheel',
    title: 'the wheel in an empty environment',
    report: 'wheel.xml',
    read: junitCounts,
    command: report => [program('pytest'), '-q', '-m', 'wheel', `--junit-xml=${report}`]
  }
];
