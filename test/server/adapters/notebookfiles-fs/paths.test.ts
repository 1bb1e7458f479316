import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { systemClock } from '../../../../server/adapters/clock-system/index.js';
import { createNotebookFiles } from '../../../../server/adapters/notebookfiles-fs/index.js';
import { scratch } from '../../../support/scratch.js';

function setUp() {
  const folder = scratch();
  const root = join(folder, 'work');
  mkdirSync(join(root, 'a', 'b'), { recursive: true });
  mkdirSync(join(folder, 'work2'));
  for (const file of ['work/n.ipynb', 'work/a/n.ipynb', 'work/a/b/n.ipynb', 'work2/n.ipynb', 'n.ipynb']) {
    writeFileSync(join(folder, file), file);
  }
  symlinkSync('..', join(root, 'a', 'up'));
  symlinkSync('../..', join(root, 'a', 'out'));
  symlinkSync(join(folder, 'work2'), join(root, 'sibling'));
  const files = createNotebookFiles({
    root: { kind: 'folder', path: root, allowHidden: true },
    maxBytes: 1000,
    clock: systemClock
  });
  return { folder, root, files };
}

/** Every answer is a file below the root, or a typed refusal of the caller. */
async function safe({ files, root, folder }: ReturnType<typeof setUp>, path: string): Promise<string | undefined> {
  try {
    const { place, file } = await files.locate(path);
    expect(file).toBe(place.path);
    expect(place.path.startsWith(`${root}/`), `${JSON.stringify(path)} led to ${place.path}`).toBe(true);
    expect(place.path.split('/')).not.toContain('..');
    return place.path;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    expect(['file-not-found', 'path-refused', 'file-unreadable']).toContain(error.code);
    expect(error.message).not.toContain(folder);
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    expect(error.message).not.toMatch(/[\u0000-\u001f\u202e]/);
    return undefined;
  }
}

const ups = [
  '..',
  '../..',
  './..',
  'a/..',
  'a/../..',
  'a/b/../../..',
  '..\\',
  '..;',
  '%2e%2e',
  '%252e%252e',
  '․․',
  '‥',
  '...',
  '.. ',
  '\u202e..'
];
const roots = [
  '/',
  '//',
  '///',
  '\\',
  '\\\\server\\share\\',
  'C:',
  'C:\\',
  'C:/',
  '//./',
  '\\\\?\\',
  'file://',
  '~',
  '~root',
  '$HOME',
  'drive:'
];
const ends = [
  'n.ipynb',
  'etc/passwd',
  'work2/n.ipynb',
  'proc/self/environ',
  '',
  '.',
  'n.ipynb/',
  'n.ipynb\0',
  'n.ipynb\n',
  'N.IPYNB',
  'n.ipynb '
];
const forms = [
  ...ups.flatMap(up => ends.flatMap(end => [`${up}/${end}`, `a/${up}/${end}`, `/${up}/${end}`])),
  ...roots.flatMap(root => ends.map(end => root + end)),
  ...ends,
  'a/out/n.ipynb',
  'a/out/work2/n.ipynb',
  'sibling/n.ipynb',
  'sibling',
  'a/b',
  'x'.repeat(255),
  'x'.repeat(256),
  'x'.repeat(4096),
  `${'a/'.repeat(2000)}n.ipynb`,
  'é.ipynb',
  'é.ipynb',
  '\ud800.ipynb',
  '\ud800/../n.ipynb',
  '\u0001',
  'con',
  'nul.ipynb',
  'n.ipynb::$DATA',
  '-rf'
];

test(`${forms.length} forms of paths that try to get out`, async () => {
  expect(forms.length).toBeGreaterThanOrEqual(500);
  const home = setUp();
  for (const form of forms) await safe(home, form);
});

test('some of them do find a file', async () => {
  const home = setUp();
  for (const path of ['n.ipynb', '/n.ipynb', 'a/n.ipynb', 'a/up/n.ipynb', 'a/up/a/up/a/b/n.ipynb']) {
    expect(await safe(home, path)).toBeDefined();
  }
});

test('no generated path gets out', async () => {
  const home = setUp();
  const part = fc.oneof(
    fc.constantFrom('a', 'b', 'up', 'out', 'sibling', 'n.ipynb', '..', '.', '', 'work2', '\0'),
    fc.string({ unit: 'binary', maxLength: 4 })
  );
  const path = fc.tuple(
    fc.constantFrom('', '/', '//', '\\'),
    fc.array(part, { maxLength: 8 }),
    fc.constantFrom('/', '\\', '//')
  );
  await fc.assert(
    fc.asyncProperty(path, async ([start, parts, separator]) => {
      await safe(home, start + parts.join(separator));
    }),
    { numRuns: 1500 }
  );
});
