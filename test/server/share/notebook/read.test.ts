import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { NumberText } from '../../../../server/share/notebook/json.js';
import { cellSource } from '../../../../server/share/notebook/model.js';
import { readBytes, readNotebook } from '../../../../server/share/notebook/read.js';
import { exampleNotebook, markdownCell, notebookBytes, notebookOf } from '../../../support/notebooks.js';
import { scratch } from '../../../support/scratch.js';

const read = (text: string | Buffer) => readNotebook(Buffer.from(text as string), { exact: true });

function problemOf(text: string | Buffer): ProblemError {
  try {
    const notebook = read(text);
    for (let at = 0; at < notebook.cellCount; at++) notebook.cell(at);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('It was read.');
}

describe('what is read', () => {
  test('an ordinary notebook, with texts stored as lines joined', () => {
    const notebook = read(notebookBytes(notebookOf([{ ...markdownCell(''), source: ['a\n', 'b'] }])));
    expect(notebook).toMatchObject({ nbformat: 4, minor: 5, cellCount: 1 });
    expect(cellSource(notebook.cell(0))).toBe('a\nb');
  });

  test.each([
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), notebookBytes(exampleNotebook())])],
    [
      'UTF-16, little end first',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(notebookBytes(exampleNotebook()).toString(), 'utf16le')])
    ],
    [
      'UTF-16, big end first',
      Buffer.concat([
        Buffer.from([0xfe, 0xff]),
        Buffer.from(notebookBytes(exampleNotebook()).toString(), 'utf16le').swap16()
      ])
    ],
    ['members in any order', '{"nbformat_minor":5,"metadata":{},"cells":[],"nbformat":4}'],
    ['no nbformat', '{"cells":[]}'],
    ['nbformat as a text', '{"nbformat":"4","cells":[],"metadata":null}'],
    ['nbformat as something that is no text', '{"cells":[],"nbformat":{"toString":null}}'],
    ['a minor version to come', '{"nbformat":4,"nbformat_minor":99,"cells":[]}']
  ])('%s', (_, bytes) => {
    expect(read(bytes).nbformat).toBe(4);
  });

  test('NaN and numbers that JavaScript would change keep their text', () => {
    const text =
      '{"cells":[{"cell_type":"code","metadata":{"a":NaN,"b":1.0,"c":12345678901234567890,"d":-0,"e":1e5,"f":7}}],"nbformat":4}';
    const metadata = read(text).cell(0)['metadata'] as Record<string, unknown>;
    const texts = Object.entries(metadata).map(([key, value]) => [
      key,
      value instanceof NumberText ? value.text : value
    ]);
    expect(Object.fromEntries(texts)).toEqual({
      a: 'NaN',
      b: '1.0',
      c: '12345678901234567890',
      d: '-0',
      e: '1e5',
      f: 7
    });
  });

  test('of a repeated name the last value counts', () => {
    expect(cellSource(read('{"cells":[{"source":"a","source":"b"}],"nbformat":4}').cell(0))).toBe('b');
  });

  test('__proto__ is a name like any other', () => {
    const cell = read('{"cells":[{"__proto__":{"source":"inherited"},"cell_type":"code"}],"nbformat":4}').cell(0);
    expect(cellSource(cell)).toBe('');
    expect(Object.hasOwn(cell, '__proto__')).toBe(true);
  });
});

describe('nbformat 3', () => {
  const old = {
    nbformat: 3,
    nbformat_minor: 0,
    metadata: { name: 'old', signature: 'x' },
    worksheets: [
      {
        cells: [
          { cell_type: 'heading', level: 2, source: ['Two\n', 'lines'] },
          {
            cell_type: 'code',
            language: 'python',
            collapsed: true,
            input: ['1/0'],
            prompt_number: 3,
            outputs: [
              {
                output_type: 'pyout',
                prompt_number: 3,
                text: ['4'],
                html: '<b>4</b>',
                png: 'AAAA',
                metadata: { png: { width: 3 } }
              },
              { output_type: 'stream', stream: 'stderr', text: 'x' },
              { output_type: 'pyerr', ename: 'E', evalue: 'v', traceback: [] },
              { output_type: 'display_data', json: '{"a": 1}' }
            ]
          }
        ]
      },
      { cells: [{ cell_type: 'html', source: '<i>' }] }
    ]
  };

  test('is turned into nbformat 4', () => {
    const notebook = read(notebookBytes(old));
    expect(notebook).toMatchObject({ nbformat: 3, minor: 4, cellCount: 3, metadata: {} });
    expect(notebook.notes).toEqual(['It was written in nbformat 3 and has been converted to nbformat 4.']);
    expect(notebook.cell(0)).toEqual({ cell_type: 'markdown', metadata: {}, source: '## Two lines' });
    expect(notebook.cell(1)).toEqual({
      cell_type: 'code',
      metadata: { collapsed: true },
      source: '1/0',
      execution_count: 3,
      outputs: [
        {
          output_type: 'execute_result',
          execution_count: 3,
          data: { 'text/plain': '4', 'text/html': '<b>4</b>', 'image/png': 'AAAA' },
          metadata: { 'image/png': { width: 3 } }
        },
        { output_type: 'stream', name: 'stderr', text: 'x' },
        { output_type: 'error', ename: 'E', evalue: 'v', traceback: [] },
        { output_type: 'display_data', data: { 'application/json': { a: 1 } }, metadata: {} }
      ]
    });
    expect(notebook.cell(2)).toMatchObject({ cell_type: 'markdown', source: '<i>' });
  });
});

describe('what is refused, with the place and the cure', () => {
  test.each([
    ['an empty file', '', 'not-a-notebook', '', /empty.*Save the notebook again/],
    ['zero bytes', Buffer.alloc(100), 'not-a-notebook', '', /only zero bytes/],
    ['a zip file', 'PK\u0003\u0004', 'not-a-notebook', '', /zip file/],
    ['a gzip file', Buffer.from([0x1f, 0x8b, 8, 0]), 'not-a-notebook', '', /gzip/],
    ['a sign-in page', '<!DOCTYPE html><html>', 'not-a-notebook', '', /sign-in page/],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1', 'not-a-notebook', '', /git lfs pull/],
    ['a script', 'import pandas', 'not-a-notebook', '', /script/],
    ['a list', '[1]', 'not-a-notebook', '', /does not begin/],
    ['an object without cells', '{"nbformat":4}', 'not-a-notebook', 'cells', /no "cells"/],
    ['cells that are no list', '{"nbformat":4,"cells":{}}', 'not-a-notebook', 'cells', /not a list/],
    ['a cell that is no cell', '{"nbformat":4,"cells":[{},7]}', 'not-a-notebook', 'cells.1', /cell 2 is not a cell/],
    [
      'a file that ends in a cell',
      '{"nbformat":4,"cells":[{"outputs":[{},{"data":{"text/html":"a',
      'not-a-notebook',
      'cells.0.outputs.1.data.text/html',
      /ends in the middle.*earlier copy/
    ],
    ['a file that ends between cells', '{"nbformat":4,"cells":[{},', 'not-a-notebook', 'cells.1', /ends in the middle/],
    [
      'broken JSON',
      '{"nbformat":4,\n"cells":[{"metadata":{"a" 1}}]}',
      'not-a-notebook',
      'cells.0.metadata.a',
      /line 2/
    ],
    [
      'a git conflict',
      '{"cells":[\n<<<<<<< HEAD\n{},\n=======\n{}]}',
      'not-a-notebook',
      'cells.0',
      /git conflict at line 2/
    ],
    ['something after the end', '{"nbformat":4,"cells":[]} x', 'not-a-notebook', '', /broken at line 1/],
    ['nbformat 2', '{"nbformat":2,"worksheets":[]}', 'notebook-version', 'nbformat', /nbformat 2.*nbconvert/],
    ['nbformat 5', '{"nbformat":5,"cells":[]}', 'notebook-version', 'nbformat', /newer.*Update Lakeside/],
    [
      'nesting without end',
      `{"nbformat":4,"cells":[{"metadata":${'['.repeat(100_000)}`,
      'notebook-too-complex',
      'cells.0',
      /500 levels/
    ],
    [
      'a control character in a text',
      '{"nbformat":4,"cells":[{"source":"a\u0001b"}]}',
      'not-a-notebook',
      'cells.0.source',
      /line 1/
    ]
  ])('%s', (_, text, code, field, message) => {
    const problem = problemOf(text);
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(message);
    expect(problem.errors?.[0]?.field ?? '').toBe(field);
  });

  test('a file that is too large, before it is read', async () => {
    const file = join(scratch(), 'large.ipynb');
    writeFileSync(file, Buffer.alloc(2048));
    await expect(readBytes(file, 1024)).rejects.toMatchObject({ code: 'too-large' });
    await expect(readBytes(`${file}.gone`, 1024)).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
