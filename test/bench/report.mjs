// What every benchmark prints, and writes with `--json FILE`: rows of the same shape, as report.py makes them.
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';

const load = loadavg()[0];

/**
 * One figure.
 *
 * @param what - what was measured
 * @param ours - our figure, in `unit`
 * @param more - `peer`: the peer's figure in the same run; `below` or `atMost`: the goal, in `unit`
 */
export function row(what, ours, unit, { peer, below, atMost } = {}) {
  const goal = below !== undefined ? `< ${below} ${unit}` : atMost !== undefined ? `≤ ${atMost} ${unit}` : undefined;
  const met = below !== undefined ? ours < below : atMost !== undefined ? ours <= atMost : undefined;
  return { what, ours, unit, ...(peer !== undefined && { peer, ratio: peer / ours }), ...(goal && { goal, met }) };
}

/** Prints the rows as a table, writes them to a file where one is named, and ends with 1 where a goal is missed. */
export function report({ peer, notes = [] }, rows, file) {
  console.log(`\n${table({ peer, rows })}\n`);
  for (const note of notes) console.log(note);
  if (file !== undefined) writeFileSync(file, `${JSON.stringify({ peer, notes, load, rows }, undefined, 2)}\n`);
  if (rows.some(({ met }) => met === false)) process.exitCode = 1;
}

/** The rows as Markdown; with the columns of a peer where there is one. */
export function table({ peer, rows }) {
  const columns = ['what', 'Lakeside', ...(peer ? [peer, 'ratio'] : []), 'goal', 'met'];
  const lines = rows.map(({ what, ours, unit, peer: theirs, ratio, goal, met }) => [
    what,
    figure(ours, unit),
    ...(peer ? [figure(theirs, unit), ratio === undefined ? '' : `${digits(ratio)}×`] : []),
    goal ?? '',
    met === undefined ? '' : met ? 'yes' : '**NO**'
  ]);
  const rule = columns.map((_, at) => (at > 0 && at < columns.length - 2 ? '---:' : '---'));
  return [columns, rule, ...lines].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

/** The middle of some numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

const figure = (value, unit) => (value === undefined ? '' : `${digits(value)} ${unit}`);

/** Three digits that count, and no more. */
function digits(value) {
  const size = Math.abs(value);
  return size >= 100 ? Math.round(value).toLocaleString('en') : size >= 10 ? value.toFixed(1) : value.toFixed(2);
}
