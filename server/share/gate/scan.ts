import { join } from 'node:path';
import type { Finding } from '../../../contract/share/index.js';
import { notebookId } from '../notebook/facts.js';
import { ContentHash } from '../notebook/hash.js';
import { writeNotebook } from '../notebook/join.js';
import type { JsonObject } from '../notebook/json.js';
import { cellId, type Notebook } from '../notebook/model.js';
import type { RenderCall, Scanned, ScanOptions } from '../ports.js';
import { eachCell } from '../render/cells.js';
import { Batch } from './batch.js';
import { LiveMatcher } from './live.js';
import { fingerprintOf, lineOf, preview, redacted } from './mask.js';
import { partsOfCell, partsOfNotebook } from './parts.js';
import type { Hit, Part } from './types.js';

/** More findings are counted, not told. */
const MOST_FINDINGS = 1000;

/** The ranges to replace: for each cell (-1 for the notebook's metadata), for each of its parts by position. */
type Ranges = Map<number, Map<number, Hit[]>>;

/**
 * Looks for secrets in every text of a notebook and, where it is asked for, writes a copy without them:
 * `redacted.ipynb` in the working directory.
 */
export async function scanNotebook(notebook: Notebook, options: ScanOptions, call: RenderCall): Promise<Scanned> {
  const keep = new Set(options.redact?.keep);
  const ranges: Ranges = new Map();
  const findings: Finding[] = [];
  let total = 0;
  let count = 0;

  const settle = (
    hits: readonly Hit[],
    part: Part,
    at: { cell: number; id: string | undefined; part: number }
  ): void => {
    let floor = 0;
    for (const hit of hits) {
      const fingerprint = fingerprintOf(hit.secret, options.key);
      total++;
      if (findings.length < MOST_FINDINGS) findings.push(findingOf(hit, part, at, fingerprint, floor));
      floor = hit.end;
      if (options.redact === undefined || keep.has(fingerprint)) continue;
      count++;
      const ofCell = ranges.get(at.cell) ?? new Map<number, Hit[]>();
      const ofPart = ofCell.get(at.part) ?? [];
      ofPart.push(hit);
      ranges.set(at.cell, ofCell.set(at.part, ofPart));
    }
  };

  const batch = new Batch(new LiveMatcher(options.live));
  const look = async (parts: Part[], cell: number, id: string | undefined): Promise<void> => {
    for (const [position, part] of parts.entries()) {
      batch.add(part, hits => settle(hits, part, { cell, id, part: position }));
      if (batch.isFull) await batch.flush();
    }
  };
  const hash = options.identify === true ? new ContentHash(notebook) : undefined;
  await look(partsOfNotebook(notebook), -1, undefined);
  await eachCell(notebook, call, (cell, index) => {
    hash?.cell(cell);
    return look(partsOfCell(cell), index, cellId(cell));
  });
  await batch.flush();
  findings.sort((a, b) => (a.cell?.index ?? -1) - (b.cell?.index ?? -1));

  const file = count === 0 ? undefined : join(call.workDirectory, 'redacted.ipynb');
  if (file !== undefined) writeNotebook(withoutSecrets(notebook, ranges), file, { withoutId: false });
  const identity = hash && { contentHash: hash.digest(), notebookId: notebookId(notebook.metadata) };
  return { findings, total, redacted: count, file, ...(identity && { identity }) };
}

function findingOf(
  hit: Hit,
  part: Part,
  at: { cell: number; id: string | undefined },
  fingerprint: string,
  floor: number
): Finding {
  const { rule, label, severity, encoding } = hit;
  return {
    fingerprint,
    rule,
    label,
    severity,
    part: part.part,
    ...(at.cell >= 0 && { cell: { index: at.cell, ...(at.id !== undefined && { id: at.id.slice(0, 64) }) } }),
    place: part.place,
    line: lineOf(part.text, hit.start),
    encoding,
    preview: preview(part.text, hit.start, hit.end, floor)
  };
}

/** The same notebook, in which reading a cell gives it with its secrets replaced. */
function withoutSecrets(notebook: Notebook, ranges: Ranges): Notebook {
  replaceIn(partsOfNotebook(notebook), ranges.get(-1));
  return {
    ...notebook,
    cell(index): JsonObject {
      const cell = notebook.cell(index);
      const ofCell = ranges.get(index);
      if (ofCell) replaceIn(partsOfCell(cell), ofCell);
      return cell;
    }
  };
}

function replaceIn(parts: readonly Part[], ranges: ReadonlyMap<number, Hit[]> | undefined): void {
  // Names of members last: until then what they name is found under them.
  for (const [position, hits] of [...(ranges ?? [])].reverse()) {
    const part = parts[position];
    if (part) part.replace(redacted(part.text, hits));
  }
}
