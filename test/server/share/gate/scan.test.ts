import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { ProblemError } from '../../../../contract/problem.js';
import { Finding } from '../../../../contract/share/index.js';
import { decodeBase64, viewsOf } from '../../../../server/share/gate/views.js';
import { LiveMatcher } from '../../../../server/share/gate/live.js';
import { MARK, masked } from '../../../../server/share/gate/mask.js';
import { resolveHits } from '../../../../server/share/gate/resolve.js';
import { scanNotebook } from '../../../../server/share/gate/scan.js';
import type { Hit } from '../../../../server/share/gate/types.js';
import { readNotebook } from '../../../../server/share/notebook/read.js';
import type { LiveSecret } from '../../../../server/share/ports.js';
import {
  arbitraryNotebook,
  codeCell,
  display,
  failure,
  markdownCell,
  notebookBytes,
  notebookOf,
  stream
} from '../../../support/notebooks.js';
import { scratch } from '../../../support/scratch.js';

const key = '1'.repeat(64);
const password = 'Winter' + '2031!';

async function scan(notebook: unknown, more: { live?: LiveSecret[]; keep?: string[]; redact?: boolean } = {}) {
  const workDirectory = scratch();
  const { live = [], keep = [], redact = true } = more;
  const result = await scanNotebook(
    readNotebook(notebookBytes(notebook), { exact: true }),
    { live, key, ...(redact && { redact: { keep } }) },
    { workDirectory }
  );
  const copy = result.file === undefined ? undefined : (JSON.parse(readFileSync(result.file, 'utf8')) as Copy);
  return { ...result, copy, text: JSON.stringify(copy) };
}

interface Copy {
  cells: { source: string[]; outputs?: Record<string, unknown>[]; attachments?: Record<string, unknown> }[];
  metadata: Record<string, unknown>;
}

test('a finding says where it is, and no more than a few characters of what it is', async () => {
  const notebook = notebookOf([
    markdownCell('# Words'),
    codeCell(`import db\n\ndb.connect(user="etl", password="${password}")`)
  ]);
  const { findings, total, copy } = await scan(notebook);
  expect(total).toBe(1);
  expect(findings[0]).toMatchObject({
    rule: 'password',
    label: 'Password',
    severity: 'likely',
    part: 'source',
    cell: { index: 1, id: 'cell-1' },
    place: 'source',
    line: 3,
    encoding: 'plain',
    preview: 'password="…'
  });
  expect(JSON.stringify(findings)).not.toContain(password);
  expect(copy?.cells[1]?.source.join('')).toBe(`import db\n\ndb.connect(user="etl", password="${MARK}")`);
});

test('a clean notebook makes no copy', async () => {
  expect(await scan(notebookOf([codeCell('x = 1', [stream('1\n')])]))).toMatchObject({
    findings: [],
    total: 0,
    redacted: 0,
    file: undefined
  });
});

test('without being asked for a copy it writes none', async () => {
  expect(await scan(notebookOf([codeCell(`password = "${password}"`)]), { redact: false })).toMatchObject({
    total: 1,
    redacted: 0,
    file: undefined
  });
});

test('the same secret has the same fingerprint in every place and encoding; what is to be kept stays', async () => {
  const live = [{ name: 'the variable DB', value: password }];
  const notebook = notebookOf([
    codeCell(`password = "${password}"`, [stream(`basic ${Buffer.from(`u:${password}`).toString('base64')}\n`)]),
    codeCell(`url = "x?p=${encodeURIComponent(password)}${encodeURIComponent('!')}"`)
  ]);
  const { findings } = await scan(notebook, { live });
  expect(findings.length).toBeGreaterThanOrEqual(3);
  expect(new Set(findings.map(finding => finding.fingerprint)).size).toBe(1);
  expect(findings.every(finding => finding.severity === 'certain' && finding.label.includes('DB'))).toBe(true);
  expect((await scan(notebook, { live, keep: [findings[0]!.fingerprint] })).file).toBeUndefined();
});

test('another home has other fingerprints', async () => {
  const bytes = notebookBytes(notebookOf([codeCell(`password = "${password}"`)]));
  const notebook = readNotebook(bytes, { exact: true });
  const prints = await Promise.all(
    ['1', '2'].map(async digit => {
      const result = await scanNotebook(notebook, { live: [], key: digit.repeat(64) }, { workDirectory: scratch() });
      return result.findings[0]?.fingerprint;
    })
  );
  expect(new Set(prints).size).toBe(2);
});

test('every part is looked at for itself, and the copy is a notebook in which nothing else changed', async () => {
  const secret = () => ({ password });
  const notebook = notebookOf(
    [
      codeCell('f()', [
        display({ 'application/json': { db: secret() }, 'text/plain': `{'password': '${password}'}` }),
        failure('E', `password="${password}"`, [
          'line 1',
          `\u001b[31mpassword\u001b[0m=\u001b[32m'${password}'\u001b[0m`
        ])
      ]),
      markdownCell('see', {
        attachments: { 'a.txt': { 'text/plain': `password: ${password}` } },
        metadata: { db: secret() }
      })
    ],
    { db: secret() }
  );
  const { findings, copy, text } = await scan(notebook);
  expect(findings.map(finding => [finding.cell?.index, finding.part, finding.place])).toEqual([
    [undefined, 'metadata', 'metadata.db.password'],
    [0, 'output', 'outputs.0.data.application/json.db.password'],
    [0, 'output', 'outputs.0.data.text/plain'],
    [0, 'traceback', 'outputs.1.evalue'],
    [0, 'traceback', 'outputs.1.traceback'],
    [1, 'attachment', 'attachments.a.txt.text/plain'],
    [1, 'metadata', 'metadata.db.password']
  ]);
  expect(text).not.toContain(password);
  const restored = JSON.parse(text.replaceAll(MARK, password)) as Copy;
  expect(restored.metadata).toEqual(notebook['metadata']);
  expect(copy?.cells).toHaveLength(2);
});

test('the password of a widget is one, whatever else is called "value"', async () => {
  const widget = (model: string) => ({
    widgets: {
      'application/vnd.jupyter.widget-state+json': {
        state: { a: { state: { _model_name: model, value: 'sesame99' } } }
      }
    }
  });
  expect((await scan(notebookOf([], widget('PasswordModel')))).total).toBe(1);
  expect((await scan(notebookOf([], widget('TextModel')))).total).toBe(0);
});

test('the name of an attachment may be the secret', async () => {
  const token = ['gh', 'p_', 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6'].join('');
  const { text, total } = await scan(
    notebookOf([markdownCell('x', { attachments: { [token]: { 'text/plain': 'x' } } })])
  );
  expect(total).toBe(1);
  expect(text).not.toContain(token);
  expect(text).toContain(MARK);
});

test('a comment does not switch the gate off', async () => {
  const token = ['gh', 'p_', 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6'].join('');
  expect((await scan(notebookOf([codeCell(`# secretlint-disable\nx = "${token}"`)]))).total).toBe(1);
});

test('a secret put together from literals is found where it is known', async () => {
  const live = [{ name: 'x', value: 'one-two-three-4' }];
  const { total, text } = await scan(notebookOf([codeCell('key = "one-two" + "-three-4"\nb = 1')]), { live });
  expect(total).toBe(1);
  expect(text).not.toContain('three');
  expect(text).toContain('b = 1');
});

test('a great many findings are counted, the first thousand told, all replaced', async () => {
  const cells = Array.from({ length: 30 }, (_, cell) =>
    codeCell(Array.from({ length: 50 }, (_, line) => `password = "Sesame-${cell}-${line}-x9"`).join('\n'))
  );
  const { findings, total, redacted, text } = await scan(notebookOf(cells));
  expect([findings.length, total, redacted]).toEqual([1000, 1500, 1500]);
  expect(text).not.toContain('Sesame');
});

test('whatever can be read can be scanned, and the copy of it read again', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryNotebook(), fc.string({ minLength: 8 }), async (text, word) => {
      let notebook;
      try {
        notebook = readNotebook(Buffer.from(text), { exact: true });
        for (let at = 0; at < notebook.cellCount; at++) notebook.cell(at);
      } catch (error) {
        if (error instanceof ProblemError) return;
        throw error;
      }
      const live = ['<script>alert', 'Infinity', 'select * from', 'unclosed', word].map(each => ({
        name: 'x',
        value: each
      }));
      const workDirectory = mkdtempSync(join(tmpdir(), 'lakeside-gate-'));
      try {
        const result = await scanNotebook(notebook, { live, key, redact: { keep: [] } }, { workDirectory });
        expect(z.array(Finding).safeParse(result.findings).error).toBeUndefined();
        expect(result.redacted).toBe(result.total);
        if (result.file === undefined) return;
        const copy = readNotebook(readFileSync(result.file), { exact: true });
        expect(copy.cellCount).toBe(notebook.cellCount);
        const again = await scanNotebook(copy, { live, key }, { workDirectory });
        expect(again.total).toBe(0);
      } finally {
        rmSync(workDirectory, { recursive: true, force: true });
      }
    }),
    { numRuns: 300 }
  );
});

const value = fc
  .string({ unit: fc.constantFrom(...Array.from('abcXYZ0189!"\'\\&<>%+/= ü')), minLength: 10, maxLength: 40 })
  .filter(text => text.trim() === text && !/^(.)\1*$/.test(text) && !/^[a-z]{1,11}$/.test(text));

test('a value in use is found in every spelling, wherever it stands', () => {
  const spell: Record<string, (text: string) => string> = {
    plain: text => text,
    json: text => JSON.stringify(text).slice(1, -1),
    url: text => encodeURIComponent(text),
    'url, small letters': text => encodeURIComponent(text).replace(/%../g, escape => escape.toLowerCase()),
    base64: text => Buffer.from(text).toString('base64'),
    'base64 of more': text => Buffer.from(`u:${text}@h`).toString('base64'),
    'base64 for addresses': text => Buffer.from(`{"p":"${text}"}`).toString('base64url')
  };
  fc.assert(
    fc.property(value, fc.constantFrom(...Object.keys(spell)), fc.string(), (secret, spelling, before) => {
      const written = spell[spelling]!(secret);
      const text = `${before}\n${written} end`;
      const hits: { start: number; end: number }[] = [];
      new LiveMatcher([{ name: 'x', value: secret }]).find(text, hit => hits.push(hit));
      const at = before.length + 1;
      return hits.some(hit => hit.start <= at + 4 && hit.end >= at + written.replace(/=+$/, '').length - 6);
    })
  );
});

test('short and ordinary values are not looked for', () => {
  const hits: unknown[] = [];
  const values = ['secret1', 'postgres', 'aaaaaaaaaaaa'].map(text => ({ name: 'x', value: text }));
  new LiveMatcher(values).find('secret1 postgres aaaaaaaaaaaa', hit => hits.push(hit));
  expect(hits).toEqual([]);
});

test('every view leads back to where its text stands', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('ab', '\u001b[31m', '\u001b[0m', '"x" + "y"', ' %41%C3%BC ', 'z\n')),
      parts => {
        const text = parts.join('');
        for (const view of viewsOf(text, 'code')) {
          for (let at = 0; at < view.text.length; at++) {
            const { start, end } = view.back(at, at + 1);
            const there = text.slice(start, end);
            const character = view.text.charAt(at);
            const isSame = there === character || decodeURIComponent(there) === character;
            if (!isSame) return false;
          }
        }
        return true;
      }
    )
  );
});

test('base64 of bytes is no text', () => {
  expect(decodeBase64(Buffer.from('a plain text in ASCII').toString('base64'))).toBe('a plain text in ASCII');
  expect(decodeBase64(Buffer.from('ein Text mit Umlauten: äöü').toString('base64'))).toContain('äöü');
  expect(
    decodeBase64(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82]).toString('base64'))
  ).toBeUndefined();
});

test('a picture in base64 is not looked at, a long text in base64 is', () => {
  const bytes = Buffer.from(Array.from({ length: 9_000 }, (_, n) => (n * 7919) % 256));
  for (const base64 of [bytes.toString('base64'), `${bytes.toString('base64').replace(/.{76}/g, '$&\n')}\n`])
    expect(viewsOf(base64, 'output')).toEqual([]);
  const text = 'a line of a file\n'.repeat(500);
  expect(viewsOf(Buffer.from(text).toString('base64'), 'output').map(view => view.text)).toContain(text);
});

test('overlapping hits become one; a narrow one is better than the wide one around it', () => {
  const hit = (start: number, end: number, more: Partial<Hit> = {}): Hit => ({
    ...{ start, end, rule: 'r', label: 'l', severity: 'likely', encoding: 'plain', secret: 's' },
    ...more
  });
  expect(resolveHits([hit(5, 9, { rule: 'b' }), hit(0, 6, { rule: 'a' })])).toMatchObject([
    { start: 0, end: 9, rule: 'b' }
  ]);
  expect(resolveHits([hit(0, 20, { isWide: true }), hit(8, 12)])).toMatchObject([{ start: 8, end: 12 }]);
  expect(resolveHits([hit(0, 9), hit(2, 4, { severity: 'certain', rule: 'live' })])).toMatchObject([
    { start: 0, end: 9, rule: 'live' }
  ]);
  expect(resolveHits([hit(0, 3), hit(3, 6)])).toHaveLength(2);
});

test('a mask shows at most five characters, and none of a short secret', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 60 }), secret => {
      const shown = masked(secret).replace('…', '');
      return shown.length <= 5 && (secret.length >= 16 || shown === '');
    })
  );
});
