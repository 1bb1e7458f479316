import { join } from 'node:path';
import type { CellChange } from '../../../../contract/share/index.js';
import type { Renderer, RenderCall } from '../../ports.js';
import { hashOf } from '../../notebook/hash.js';
import { isObject, listAt, own, type Json, type JsonObject } from '../../notebook/json.js';
import { cellId, cellSource, cellType, type Notebook } from '../../notebook/model.js';
import type { Assets } from '../assets.js';
import type { FigureLibraries } from '../build/figures.js';
import { eachCell } from '../cells.js';
import { align, type Pair, type Side } from './align.js';
import { compareWords } from './words.js';

/** A cell with what the comparison needs of it; its outputs are read again when they are shown. */
interface Summary extends Side {
  /** Hash of the outputs without their counts; undefined where there are none. */
  outputs: string | undefined;
}

/** A pair of cells and what happened between them. */
export interface Step extends Pair {
  change: CellChange;
  /** The sources, for the document. */
  older: string | undefined;
  newer: string | undefined;
}

type DiffOptions = Parameters<Renderer['diff']>[2];
type DiffResult = Awaited<ReturnType<Renderer['diff']>>;

/** Compares two notebooks cell by cell and, when asked to, writes the comparison as a document. */
export async function compareNotebooks(
  before: Notebook,
  after: Notebook,
  options: DiffOptions,
  call: RenderCall,
  resources: { assets: Assets; libraries: FigureLibraries }
): Promise<DiffResult> {
  const [older, newer] = [await summarise(before, call), await summarise(after, call)];
  const steps = align(older, newer).map(pair => stepOf(pair, older, newer));
  const diff: DiffResult['diff'] = {
    ...count(steps),
    metadataChanged: metadataOf(before) !== metadataOf(after),
    cells: listed(steps)
  };
  if (!options.document) return { diff };
  const { writeDiffPage } = await import('./page.js');
  const file = join(call.workDirectory, 'diff.html');
  const size = await writeDiffPage({ before, after, steps, diff }, file, options, call, resources);
  return { diff, file, size };
}

async function summarise(notebook: Notebook, call: RenderCall): Promise<Summary[]> {
  const cells: Summary[] = [];
  await eachCell(notebook, { signal: call.signal }, cell => {
    const [type, source] = [cellType(cell), cellSource(cell)];
    cells.push({ hash: hashOf([type, source]), id: cellId(cell), type, source, outputs: outputsHash(cell) });
  });
  return cells;
}

function outputsHash(cell: JsonObject): string | undefined {
  const outputs = listAt(cell, 'outputs');
  return outputs.length === 0 ? undefined : hashOf(outputs.map(withoutCount));
}

/** Run again, a cell has another count: that is no change. */
function withoutCount(output: Json): Json {
  if (!isObject(output) || own(output, 'execution_count') === undefined) return output;
  const rest = { ...output };
  delete rest['execution_count'];
  return rest;
}

/** Kernel and language as one value to compare; what says nothing to a reader is left out. */
function metadataOf(notebook: Notebook): string {
  const metadata: JsonObject = { ...notebook.metadata };
  for (const key of ['lakeside', 'widgets']) Reflect.deleteProperty(metadata, key);
  return hashOf(metadata);
}

function stepOf(pair: Pair, before: readonly Summary[], after: readonly Summary[]): Step {
  const older = pair.before === undefined ? undefined : before[pair.before];
  const newer = pair.after === undefined ? undefined : after[pair.after];
  const place = {
    type: (newer ?? older)?.type ?? 'raw',
    ...(pair.before !== undefined && { before: pair.before }),
    ...(pair.after !== undefined && { after: pair.after })
  };
  const base = { ...pair, older: older?.source, newer: newer?.source };
  if (!older || !newer) {
    const outputs = (newer ?? older)?.outputs === undefined ? 'none' : 'changed';
    const text = newer?.source ?? older?.source ?? '';
    return { ...base, change: { kind: newer ? 'added' : 'removed', ...place, text: text.toWellFormed(), outputs } };
  }
  const outputs = older.outputs === newer.outputs ? (newer.outputs === undefined ? 'none' : 'same') : 'changed';
  const rewritten = older.hash !== newer.hash;
  const kind = rewritten || outputs === 'changed' ? 'changed' : pair.moved ? 'moved' : 'same';
  return {
    ...base,
    change: {
      kind,
      ...place,
      ...(rewritten && { source: compareWords(older.source.toWellFormed(), newer.source.toWellFormed()) }),
      outputs
    }
  };
}

function count(
  steps: readonly Step[]
): Pick<DiffResult['diff'], 'added' | 'removed' | 'changed' | 'moved' | 'unchanged'> {
  const of = (kind: CellChange['kind']): number => steps.filter(step => step.change.kind === kind).length;
  return {
    added: of('added'),
    removed: of('removed'),
    changed: of('changed'),
    moved: of('moved'),
    unchanged: of('same')
  };
}

/** All changes, and unchanged cells where they stand alone between changes. */
function listed(steps: readonly Step[]): CellChange[] {
  return steps
    .filter((step, at) => step.change.kind !== 'same' || (isChange(steps[at - 1]) && isChange(steps[at + 1])))
    .map(step => step.change);
}

function isChange(step: Step | undefined): boolean {
  return step === undefined || step.change.kind !== 'same';
}
