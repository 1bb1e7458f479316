import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TextRun } from '../../../../contract/share/index.js';
import { align, type Side } from '../../../../server/share/render/diff/align.js';
import { compareWords } from '../../../../server/share/render/diff/words.js';
import { dangers } from '../../../support/harmless.js';
import { codeCell, markdownCell, notebookBytes, notebookOf, stream } from '../../../support/notebooks.js';
import { localRenderer, withNotebook } from '../../../support/rendering.js';

type Cells = Parameters<typeof notebookOf>[0];

function diffOf(before: Cells, after: Cells, metadata = {}) {
  return withNotebook(notebookOf(before), async (source, workDirectory) => {
    const file = join(workDirectory, '..', 'after.ipynb');
    writeFileSync(file, notebookBytes(notebookOf(after, metadata)));
    const options = { document: true, title: 'T', beforeLabel: 'version 1', afterLabel: 'version 2' };
    const made = await localRenderer().diff(source, { kind: 'ipynb', file }, options, { workDirectory });
    return { ...made.diff, html: readFileSync(made.file ?? '', 'utf8') };
  });
}

const cell = (source: string, output?: string) => codeCell(source, output === undefined ? [] : [stream(output)]);

describe('between two notebooks', () => {
  test('the same again is no change, also with new counts', async () => {
    const cells = [markdownCell('# T'), cell('x', '1')];
    const again = [markdownCell('# T'), { ...cell('x', '1'), execution_count: 99 }];
    expect(await diffOf(cells, again)).toMatchObject({
      added: 0,
      removed: 0,
      changed: 0,
      moved: 0,
      unchanged: 2,
      metadataChanged: false,
      cells: []
    });
  });

  test('what was added, removed, changed and moved is counted and named', async () => {
    const before = [cell('one = 1'), cell('two = 2'), cell('three = 3'), cell('alpha beta gamma delta')];
    const after = [cell('three = 3'), cell('one = 1'), cell('alpha beta gamma epsilon'), cell('new()')].map(
      (each, at) => ({ ...each, id: `other-${at}` })
    );
    const diff = await diffOf(before, after);
    expect(diff).toMatchObject({ added: 1, removed: 1, changed: 1, moved: 1, unchanged: 1 });
    expect(diff.cells.find(({ kind }) => kind === 'changed')?.source).toEqual([
      { kind: 'same', text: 'alpha beta gamma ' },
      { kind: 'removed', text: 'delta' },
      { kind: 'added', text: 'epsilon' }
    ]);
    expect(diff.cells.find(({ kind }) => kind === 'removed')?.text).toBe('two = 2');
  });

  test('another output is a change; the document shows both', async () => {
    const diff = await diffOf([cell('x', 'before-out')], [cell('x', 'after-out')]);
    expect(diff.cells).toEqual([{ kind: 'changed', type: 'code', before: 0, after: 0, outputs: 'changed' }]);
    expect(diff.html).toContain('before-out');
    expect(diff.html).toContain('after-out');
  });

  test('another kernel is said', async () => {
    const kernelspec = { name: 'ir', display_name: 'R', language: 'R' };
    const diff = await diffOf([cell('x')], [cell('x')], { kernelspec });
    expect(diff.metadataChanged).toBe(true);
    expect(diff.html).toContain('metadata (kernel, language or the like) changed');
  });

  test('the document is harmless, folds what stayed and is the same every time', async () => {
    const nasty = '<img src=x onerror=alert(1)></pre><script>x</script>';
    const before = [...Array.from({ length: 12 }, (_, at) => cell(`same${at}`)), cell(`a ${nasty}`, nasty)];
    const after = [...before.slice(0, 12), cell(`b ${nasty}`, `${nasty}!`)];
    const [one, other] = [await diffOf(before, after), await diffOf(before, after)];
    expect(dangers(one.html)).toEqual([]);
    expect(one.html).toContain('12 unchanged cells');
    expect(one.html === other.html).toBe(true);
  });
});

describe('words', () => {
  const side = (runs: TextRun[], without: TextRun['kind']): string =>
    runs.map(({ kind, text }) => (kind === without ? '' : text)).join('');

  test('both texts can be read out of the comparison, whatever they are', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', ' ', '\n', '客', '户', '1', '(', '"'), { maxLength: 60 })
      .map(parts => parts.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const runs = compareWords(before, after);
        expect(side(runs, 'added')).toBe(before);
        expect(side(runs, 'removed')).toBe(after);
      })
    );
  });

  test('texts that have nothing in common are replaced, without a stall', () => {
    const [before, after] = ['a', 'b'].map(word =>
      Array.from({ length: 30_000 }, (_, at) => `${word}${at}`).join('\n')
    );
    expect(compareWords(before ?? '', after ?? '')).toEqual([
      { kind: 'removed', text: before },
      { kind: 'added', text: after }
    ]);
  });
});

test('every cell of both sides is in the alignment once, in the order of the newer one', () => {
  const side = fc
    .record({ source: fc.constantFrom('a b c', 'a b d', 'x', 'y', ''), id: fc.constantFrom('1', '2', '3', undefined) })
    .map(({ source, id }): Side => ({ hash: source, source, id, type: 'code' }));
  fc.assert(
    fc.property(fc.array(side, { maxLength: 12 }), fc.array(side, { maxLength: 12 }), (before, after) => {
      const pairs = align(before, after);
      const older = pairs.flatMap(pair => pair.before ?? []);
      expect([...older].sort((a, b) => a - b)).toEqual(before.map((_, at) => at));
      expect(pairs.flatMap(pair => pair.after ?? [])).toEqual(after.map((_, at) => at));
      const steady = pairs.filter(pair => !pair.moved).flatMap(pair => pair.before ?? []);
      expect(steady).toEqual([...steady].sort((a, b) => a - b));
    }),
    { numRuns: 1000 }
  );
});
