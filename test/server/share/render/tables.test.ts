import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTable } from '../../../../server/share/render/build/table.js';
import type { TableBlock } from '../../../../server/share/render/sharedoc.js';
import { cuts } from '../../../../server/share/render/html/table.js';
import { frameHtml, randomNumbers } from '../../../support/largeNotebooks.js';
import { codeCell, display, notebookOf } from '../../../support/notebooks.js';
import { pageOf } from '../../../support/rendering.js';

function frame(rows: number, columns = 2): TableBlock | undefined {
  return readTable(frameHtml(randomNumbers(1), rows, columns));
}

const cellsOf = (html: string): unknown => readTable(`<table><tr>${html}</tr></table>`)?.body[0];

describe('data frames', () => {
  test('are read with header, index and size', () => {
    const table = frame(3);
    expect(table?.head).toHaveLength(1);
    expect(table?.head[0]?.slice(1)).toMatchObject([
      { text: 'column_0', header: true },
      { text: 'column_1', header: true }
    ]);
    expect(table?.body).toHaveLength(3);
    expect(table?.body[2]?.[0]).toMatchObject({ text: '2', header: true });
    expect(table?.footer).toBe('3 rows × 2 columns');
  });

  test('texts are what a browser would show', () => {
    expect(cellsOf('<td>&lt;b&gt; &amp; &times; &#x1F600;</td><td> a<br>b </td>')).toEqual(['<b> & × 😀', 'a\nb']);
  });

  test('keep spans, alignment and harmless colours of Styler', () => {
    const html = `<style>#T_a_row0_col0 { color: red; background-color: url(x); position: fixed }</style>
      <table id="T_a"><tr><td id="T_a_row0_col0" colspan="2" style="text-align: center">x</td></tr></table>`;
    expect(readTable(html)?.body).toEqual([[{ text: 'x', columns: 2, align: 'center', style: 'color:red' }]]);
  });

  test.each([
    ['a character with a rare name', '<td>&eacute;</td>'],
    ['a link', '<td><a href="x">y</a></td>'],
    ['a picture', '<td><img src="x"></td>'],
    ['a table in a table', '<td><table></table></td>'],
    ['an attribute that does not end', '<td title="x>y</td>']
  ])('%s is left to the sanitiser', (_, html) => {
    expect(readTable(`<table><tr>${html}</tr></table>`)).toBeUndefined();
  });

  test('whatever stands in a cell, its text comes back and nothing else', () => {
    const escape = (text: string): string => text.replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`);
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 6 }), texts => {
        const row = readTable(
          `<table><tbody><tr>${texts.map(text => `<td>${escape(text)}</td>`).join('')}</tr></tbody></table>`
        )?.body[0];
        expect(row).toEqual(texts.map(text => (/^[\0-\x20]|[\0-\x20]$/.test(text) ? text.trim() : text)));
      })
    );
  });
});

describe('cuts', () => {
  test('500 rows are shown, of 501 some are omitted and counted', () => {
    expect(frame(500)?.omitted).toBeUndefined();
    const table = frame(501) as TableBlock;
    expect(table.body).toHaveLength(400);
    expect(table.omitted).toEqual({ rows: 101, at: 300 });
    expect(table.body.at(-1)?.[0]).toMatchObject({ text: '500' });
    expect(cuts(table)).toEqual(['101 rows omitted, open the full notebook']);
  });

  test('wide tables keep their first and last columns', () => {
    const table = frame(2, 300) as TableBlock;
    expect(table.body[0]).toHaveLength(101);
    expect(table.omittedColumns).toBe(201);
    expect(cuts(table)).toEqual(['201 columns omitted, open the full notebook']);
  });

  test('an index that reaches over the cut is repeated below it', () => {
    const rows = Array.from(
      { length: 600 },
      (_, at) => `<tr>${at === 0 ? '<th rowspan="600">all</th>' : ''}<td>${at}</td></tr>`
    );
    const table = readTable(`<table><tbody>${rows.join('')}</tbody></table>`) as TableBlock;
    expect(table.body[0]?.[0]).toMatchObject({ text: 'all', rows: 300 });
    expect(table.body[300]).toEqual([{ text: 'all', header: true, rows: 100 }, '500']);
  });

  test('the page says it where the rows are missing and below the table', async () => {
    const html = frameHtml(randomNumbers(2), 4520, 2);
    const page = await pageOf(notebookOf([codeCell('df', [display({ 'text/html': html })])]));
    expect(page.html).toContain('… 4,120 rows omitted …');
    expect(page.html).toContain('4,120 rows omitted, open the full notebook');
    expect(page.notes.join()).toContain('4,120 rows omitted');
  });
});
