import type { TableBlock, TableCell, TableRow } from '../sharedoc.js';
import type { PageContext } from './context.js';
import { escapeHtml } from './escape.js';

/** Tables with more rows scroll in a frame of their own height. */
const TALL_ROWS = 60;

/** Writes a table in a region of its own, which scrolls when it is wide. */
export function tableHtml(table: TableBlock, page: PageContext): string {
  const name = `Table ${page.number('table')}`;
  const tall = table.head.length + table.body.length > TALL_ROWS ? ' tall' : '';
  const parts = [
    `<div class="scroll${tall}" role="region" tabindex="0" aria-label="${name}"><table class="dataframe">`
  ];
  if (table.caption !== undefined) parts.push(`<caption>${escapeHtml(table.caption)}</caption>`);
  if (table.head.length > 0) {
    parts.push('<thead>');
    for (const row of table.head) rowHtml(row, 'col', parts);
    parts.push('</thead>');
  }
  parts.push('<tbody>');
  table.body.forEach((row, at) => {
    if (table.omitted?.at === at) parts.push(omittedRow(table));
    rowHtml(row, 'row', parts);
  });
  parts.push('</tbody></table></div>');
  const below = [table.footer, ...cuts(table)].filter(line => line !== undefined);
  if (below.length > 0) parts.push(`<p class="below">${below.map(escapeHtml).join(' · ')}</p>`);
  return parts.join('');
}

/** What was left out of a table, as sentences. */
export function cuts(table: TableBlock): string[] {
  const rows = table.omitted?.rows;
  const columns = table.omittedColumns;
  return [
    ...(rows === undefined ? [] : [`${rows.toLocaleString('en-US')} rows omitted, open the full notebook`]),
    ...(columns === undefined ? [] : [`${columns.toLocaleString('en-US')} columns omitted, open the full notebook`])
  ];
}

function omittedRow(table: TableBlock): string {
  const width = (table.head[0] ?? table.body[0] ?? []).reduce(
    (sum, cell) => sum + (typeof cell === 'string' ? 1 : (cell.columns ?? 1)),
    0
  );
  return `<tr class="omitted"><td colspan="${Math.max(width, 1)}">… ${(table.omitted?.rows ?? 0).toLocaleString('en-US')} rows omitted …</td></tr>`;
}

function rowHtml(row: TableRow, scope: 'row' | 'col', parts: string[]): void {
  parts.push('<tr>');
  for (const cell of row) {
    if (typeof cell === 'string') parts.push('<td>', escapeHtml(cell), '</td>');
    else parts.push(cellHtml(cell, scope));
  }
  parts.push('</tr>');
}

function cellHtml(cell: TableCell, scope: 'row' | 'col'): string {
  // An empty header names nothing, so it is no header.
  const tag = cell.header === true && cell.text !== '' ? 'th' : 'td';
  const style = [cell.align === undefined ? '' : `text-align:${cell.align}`, cell.style ?? '']
    .filter(part => part !== '')
    .join(';');
  return [
    `<${tag}`,
    tag === 'th' ? ` scope="${scope}"` : '',
    cell.columns === undefined ? '' : ` colspan="${cell.columns}"`,
    cell.rows === undefined ? '' : ` rowspan="${cell.rows}"`,
    style === '' ? '' : ` style="${escapeHtml(style)}"`,
    '>',
    escapeHtml(cell.text).replaceAll('\n', '<br>'),
    `</${tag}>`
  ].join('');
}
