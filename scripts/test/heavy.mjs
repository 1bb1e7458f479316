// The suites beyond `npm test`: lint, kills and disk faults, S3 servers, fuzzing, the whole of the browser tests, the wheel.
import { node24, program } from '../setup/places.mjs';
import { junitCounts, playwrightCounts, vitestCounts } from './counts.mjs';

const vitest =
  (project, ...words) =>
  report => [
    node24().node,
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...words
  ];

/** A check that passes or fails as a whole counts as one test. */
const command = (name, title, words) => ({
  name,
  title,
  report: `${name}.none`,
  isOneCheck: true,
  read: () => ({ passed: 1, failed: 0, skipped: 0 }),
  command: words
});

const node = (...words) => [node24().node, ...words];

const playwright = (name, title, report, ...words) => ({
  name,
  title,
  report,
  read: playwrightCounts,
  environment: place => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: place }),
  command: () =>
    node('node_modules/@playwright/test/cli.js', 'test', '-c', 'test/browser/playwright.config.ts', ...words)
});

/** The browser tests are two runs, each with half of the spec files and servers of its own. */
const browser = half =>
  playwright(
    'browser',
    `JupyterLab and Notebook in Chromium, ${half} of 2`,
    `browser-${half}.json`,
    ...['--project', 'full', '--shard', `${half}/2`, '--output', `test-results/browser-${half}`]
  );

/**
 * Real servers can miss a moment on a busy machine: a second try, and what needed it is named at the end. Kills, disk
 * faults and fuzzing look for what goes wrong once in a hundred times, and have none.
 */
const servers = (name, title, report, ...words) => ({
  name,
  title,
  report,
  read: vitestCounts,
  command: vitest(name, '--retry=1', ...words)
});

/** In the order they are begun, three at a time: checks first, then what takes longest, so that both end together. */
export const heavyRuns = [
  command('python-lint', 'Python lint', () => [program('ruff'), 'check', '.']),
  command('python-format', 'Python formatting', () => [program('ruff'), 'format', '--check', '.']),
  command('arrows', 'dependency rules', () =>
    node(
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      ...['contract', 'src', 'server', '--config', '.dependency-cruiser.cjs']
    )
  ),
  command('format', 'formatting', () =>
    node('node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.')
  ),
  command('types', 'types', () => node('scripts/test/types.mjs')),
  command('lint', 'lint', () => node('node_modules/eslint/bin/eslint.js', '.')),
  command('python-types', 'Python types', () => [program('mypy')]),
  browser(1),
  browser(2),
  { name: 'fault', title: 'kills and disk faults', report: 'fault.json', read: vitestCounts, command: vitest('fault') },
  // The real wikis are two runs too: MediaWiki takes as long as all the others.
  servers('wikis', 'the other wikis', 'wikis.json', '--exclude', 'test/wikis/mediawiki/**'),
  servers('wikis', 'MediaWiki', 'mediawiki.json', 'test/wikis/mediawiki/'),
  servers('tables', 'sources of tables', 'tables.json'),
  servers('s3', 'Ceph, versitygw, Keycloak', 's3.json'),
  playwright(
    'browser-wiki',
    'JupyterLab and a real MediaWiki in Chromium',
    'browser-wiki.json',
    ...['--project', 'wiki', '--output', 'test-results/browser-wiki']
  ),
  playwright(
    'browser-bucket',
    'JupyterLab, an identity provider and Ceph in Chromium',
    'browser-bucket.json',
    ...['--project', 'bucket', '--output', 'test-results/browser-bucket']
  ),
  { name: 'fuzz', title: 'fuzzing', report: 'fuzz.json', read: vitestCounts, command: vitest('fuzz') },
  {
    name: 'sql',
    title: '%%sql on real databases',
    report: 'sql.xml',
    read: junitCounts,
    command: report => [program('pytest'), '-q', '-m', 'databases', '--reruns=1', `--junit-xml=${report}`]
  },
  {
    name: 'wheel',
    title: 'the wheel in an empty environment',
    report: 'wheel.xml',
    read: junitCounts,
    command: report => [program('pytest'), '-q', '-m', 'wheel', `--junit-xml=${report}`]
  }
];
