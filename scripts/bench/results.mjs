// Reads what a benchmark wrote. All write rows as test/bench/report.mjs makes them; that of rendering writes its runs.
import { readFileSync } from 'node:fs';

/** Peer, notes, load and rows of a benchmark's report. */
export function readReport(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  return report.results === undefined ? report : ofRendering(report.results);
}

const figures = [
  ['time', 'seconds', 's'],
  ['CPU', 'cpu', 's'],
  ['memory', 'megabytes', 'MB']
];

function ofRendering(results) {
  const rows = results.flatMap(({ title, nbconvert, lakeside, gates }) =>
    figures.map(([name, key, unit]) => {
      const gate = gates.find(each => each.gate.includes(key === 'megabytes' ? 'memory' : `(${name})`));
      return {
        what: `${title}: ${name}`,
        ours: lakeside[key],
        unit,
        peer: nbconvert[key],
        ratio: nbconvert[key] / lakeside[key],
        ...(gate && { goal: gate.gate.slice(gate.gate.indexOf(': ') + 2), met: gate.passed })
      };
    })
  );
  const [first] = results;
  const counts = results.map(({ title, runs }) => `${title} ${runs.lakeside.length}`).join(', ');
  const notes = first ? [`Medians of whole processes, in turns; runs of each side: ${counts}.`] : [];
  return { peer: '`nbconvert --to html`', notes, rows };
}
