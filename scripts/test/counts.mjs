// Reads how many tests passed out of the reports of the runners, and the names of those that did not.
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** The line that CI reads; what was left out is said too. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Said of a test that failed, was tried again and passed. */
const unsteady = ' (passed on the second try)';

/** Counts of a JSON report of vitest. A file that could not be loaded or prepared is one failure. */
export function vitestCounts(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const unloaded = report.testResults.filter(
    result => result.status === 'failed' && !result.assertionResults.some(({ status }) => status === 'failed')
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    names: [
      ...unloaded.map(({ name, message }) => withReason(name, message)),
      ...report.testResults
        .flatMap(result => result.assertionResults)
        // What passed on its second try still tells why it failed on its first.
        .filter(({ status, failureMessages = [] }) => status === 'failed' || failureMessages.length > 0)
        .map(({ status, fullName, failureMessages }) =>
          withReason(status === 'failed' ? fullName : `${fullName}${unsteady}`, failureMessages[0])
        )
    ]
  };
}

/** Counts of a JUnit report of pytest; test/python/conftest.py puts the property into it. */
export function junitCounts(file) {
  const text = readFileSync(file, 'utf8');
  const counts = { passed: 0, failed: 0, skipped: 0, names: [] };
  const told = new Map();
  for (const [, name, inside] of text.matchAll(/<testcase [^>]*?\bname="([^"]*)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs)) {
    const [failure, , message] = /<(failure|error)\b(?: [^>]*?message="([^"]*)")?/.exec(inside ?? '') ?? [];
    const [, firstTry] = /<property name="first-try" value="([^"]*)"/.exec(inside ?? '') ?? [];
    if (failure !== undefined) told.set(name, withReason(name, plain(message)));
    // Each try has its entry, also the first one, which is no failure then.
    else if (firstTry !== undefined && !told.has(name))
      told.set(name, withReason(`${name}${unsteady}`, plain(firstTry)));
  }
  counts.names.push(...told.values());
  for (const [suite] of text.matchAll(/<testsuite [^>]*>/g)) {
    const number = name => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
    const failed = number('failures') + number('errors');
    counts.failed += failed;
    counts.skipped += number('skipped');
    counts.passed += number('tests') - failed - number('skipped');
  }
  return counts;
}

/**
 * Counts of a JSON report of Playwright. A spec that could not be loaded is one failure. What passed on its second try
 * has passed, and is named: the machine may have been slow, or there is a race to find.
 */
export function playwrightCounts(file) {
  const { stats, errors, suites } = JSON.parse(readFileSync(file, 'utf8'));
  const tests = specsOf(suites).flatMap(({ title, file: of, tests }) => tests.map(test => ({ title, of, test })));
  const named = (status, words) =>
    tests
      .filter(({ test }) => test.status === status)
      .map(({ title, of, test }) => {
        const failed = test.results.find(({ error }) => error !== undefined);
        return withReason(`${of}: ${title}${words}`, failed?.error.message);
      });
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
    names: [...named('unexpected', ''), ...named('flaky', unsteady)]
  };
}

const entities = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&', '#10': '\n', '#9': '\t' };

/** The text of an attribute of XML. */
function plain(text = '') {
  return text.replaceAll(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole);
}

/** A test's name and, below it, what it said first: the log of a long run is seldom kept whole. */
function withReason(name, message = '') {
  const said = stripVTControlCharacters(message).trim().split('\n').slice(0, 12);
  return [name, ...said.map(line => `    ${line.trim()}`.slice(0, 300))].filter(line => line.trim() !== '').join('\n');
}

function specsOf(suites = []) {
  return suites.flatMap(suite => [...(suite.specs ?? []), ...specsOf(suite.suites)]);
}
