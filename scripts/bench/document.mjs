// Writes figures into docs/performance.md, between their markers, so that nobody types them.
import { readFileSync, writeFileSync } from 'node:fs';
import { table } from '../../test/bench/report.mjs';

/** Renews one part of a document; everything outside its markers stays. */
export function renew(text, name, content) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`There is no place for ${name}: "${open}" and "${close}" are missing.`);
  return `${text.slice(0, start + open.length)}\n${content}\n${text.slice(end)}`;
}

/** A report as it stands in the document. */
export function section(report) {
  const load = report.load === undefined ? '' : `Load of the machine before: ${report.load.toFixed(2)}.`;
  return `\n${table(report)}\n\n${[...report.notes, load].filter(Boolean).join(' ')}\n`;
}

/** Writes reports, by name, and the machine they were made on. */
export function writeFigures(file, reports, machine) {
  let text = readFileSync(file, 'utf8');
  for (const [name, report] of Object.entries(reports)) text = renew(text, name, section(report));
  writeFileSync(file, renew(text, 'machine', machine));
}
