import type { TableBlock, TableCell, TableRow } from '../sharedoc.js';

/** Longer tables keep their first and last rows, wider ones their first and last columns. */
const MAX_ROWS = 500;
const HEAD_ROWS = 300;
const TAIL_ROWS = 100;
const MAX_COLUMNS = 120;
const HEAD_COLUMNS = 80;
const TAIL_COLUMNS = 20;
const MAX_TEXT = 10_000;

/** Cuts a table by rule; the block says what was left out. */
export function cutTable(table: TableBlock): TableBlock {
  for (const row of table.head) shortenTexts(row);
  for (const row of table.body) shortenTexts(row);
  return cutColumns(cutRows(table));
}

function cutRows(table: TableBlock): TableBlock {
  const { body } = table;
  if (body.length <= MAX_ROWS) return table;
  const omitted = body.length - HEAD_ROWS - TAIL_ROWS;
  const head = body.slice(0, HEAD_ROWS).map((row, at) => clipRows(row, HEAD_ROWS - at));
  const tail = body.slice(HEAD_ROWS + omitted);
  tail[0] = [...spanning(body, HEAD_ROWS + omitted), ...(tail[0] ?? [])];
  return { ...table, body: [...head, ...tail], omitted: { rows: omitted, at: HEAD_ROWS } };
}

/** Row headers of an index with levels reach over many rows; none may reach over the cut. */
function clipRows(row: TableRow, left: number): TableRow {
  return row.map(cell => (typeof cell !== 'string' && (cell.rows ?? 1) > left ? { ...cell, rows: left } : cell));
}

/** The leading cells that reach from earlier rows into a row, with what is left of their span. */
function spanning(body: TableRow[], at: number): TableCell[] {
  const open: { cell: TableCell; until: number }[] = [];
  for (let number = 0; number < at; number++) {
    while (open.length > 0 && (open.at(-1)?.until ?? 0) <= number) open.pop();
    for (const cell of body[number] ?? []) {
      if (typeof cell === 'string' || cell.rows === undefined) break;
      open.push({ cell, until: number + cell.rows });
    }
  }
  return open.filter(({ until }) => until > at).map(({ cell, until }) => ({ ...cell, rows: until - at }));
}

function cutColumns(table: TableBlock): TableBlock {
  const simple = [...table.head, ...table.body].every(row =>
    row.every(cell => typeof cell === 'string' || (cell.columns === undefined && cell.rows === undefined))
  );
  const width = Math.max(0, ...sample(table).map(row => row.length));
  if (width <= MAX_COLUMNS || !simple) return table;
  const cut = (row: TableRow): TableRow =>
    row.length <= MAX_COLUMNS
      ? row
      : [...row.slice(0, HEAD_COLUMNS), { text: '…' }, ...row.slice(row.length - TAIL_COLUMNS)];
  return {
    ...table,
    head: table.head.map(cut),
    body: table.body.map(cut),
    omittedColumns: width - HEAD_COLUMNS - TAIL_COLUMNS
  };
}

function sample(table: TableBlock): TableRow[] {
  return [...table.head.slice(0, 5), ...table.body.slice(0, 5)];
}

function shortenTexts(row: TableRow): void {
  for (let at = 0; at < row.length; at++) {
    const cell = row[at] as string | TableCell;
    if (typeof cell === 'string') {
      if (cell.length > MAX_TEXT) row[at] = `${cell.slice(0, MAX_TEXT)} …`;
    } else if (cell.text.length > MAX_TEXT) cell.text = `${cell.text.slice(0, MAX_TEXT)} …`;
  }
}
