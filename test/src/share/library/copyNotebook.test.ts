import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { copyNotebook, fileStem } from '../../../../src/share/library/copyNotebook.js';
import { MemoryFiles } from '../../../support/memoryFiles.js';

async function* chunks(text: string, size = 7) {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('a copy of a notebook', () => {
  test('is named after the title and holds the same text', async () => {
    const files = new MemoryFiles();
    const path = await copyNotebook(chunks('{"é":"漢字 😀"}'), 'Delays in New York', files, 'work');
    expect(path).toBe('work/Delays in New York.ipynb');
    expect(files.files.get(path)).toBe('{"é":"漢字 😀"}');
    expect([...files.files.keys()]).toEqual([path]);
  });

  test('never takes the place of a file', async () => {
    const files = new MemoryFiles({ 'A.ipynb': 'mine', 'A 2.ipynb': 'mine too' });
    expect(await copyNotebook(chunks('theirs'), 'A', files, '')).toBe('A 3.ipynb');
    expect(files.files.get('A.ipynb')).toBe('mine');
    expect(files.files.get('A 2.ipynb')).toBe('mine too');
  });

  test('is written as text, so that nothing in it counts as trusted', async () => {
    const files = new MemoryFiles();
    await copyNotebook(chunks('{"cells":[{"metadata":{"trusted":true}}]}'), 'T', files, '');
    expect(files.writes).toEqual([{ path: 'untitled.ipynb', chunk: undefined }]);
  });

  test('travels in parts when it is large, and arrives whole', async () => {
    const files = new MemoryFiles();
    const text = '漢字'.repeat(5_000_000);
    const path = await copyNotebook(chunks(text, 999_999), 'Large', files, '');
    expect(files.writes.map(write => write.chunk)).toEqual([1, -1]);
    expect(files.files.get(path) === text).toBe(true);
  });

  test('leaves nothing behind when it fails', async () => {
    const files = new MemoryFiles({ 'other.ipynb': 'mine' });
    files.failOn = 'write';
    await expect(copyNotebook(chunks('x'), 'A', files, '')).rejects.toThrow('no space');
    expect([...files.files.keys()]).toEqual(['other.ipynb']);
  });
});

describe('a title as a file name', () => {
  test('is safe on every system', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'binary' }), title => {
        const stem = fileStem(title);
        expect(stem).not.toBe('');
        // eslint-disable-next-line no-control-regex -- control characters are what must not be there
        expect(stem).not.toMatch(/[/\\:*?"<>|\u0000-\u001f\u202e]/);
        expect(stem).not.toMatch(/^\.|^\s|[\s.]$/);
        expect(stem.isWellFormed()).toBe(true);
        expect(new TextEncoder().encode(stem).length).toBeLessThanOrEqual(180);
      })
    );
  });

  test('keeps what people wrote', () => {
    expect(fileStem('Delays in New York 2013')).toBe('Delays in New York 2013');
    expect(fileStem('../../etc/passwd')).toBe('etc passwd');
    expect(fileStem('  ...  ')).toBe('Notebook');
    expect(fileStem('漢'.repeat(100))).toBe('漢'.repeat(60));
  });
});
