import type { NotebookRecord } from '../ports.js';
import { mergeRecords } from './record.js';
import { idOfLine, notebookLine, parseNotebookLine, parseTextLine, provenanceLine, textLine } from './snapshots.js';

type Lines = AsyncIterable<string> | Iterable<string>;

/**
 * The lines of a snapshot with records merged in. Both are sorted by id, and so is the result. A line that nothing is
 * merged into passes unread, so that a snapshot of any size takes little memory.
 */
export async function* mergeNotebookLines(lines: Lines, records: readonly NotebookRecord[]): AsyncIterable<string> {
  const written = new Set<string>();
  for await (const [line, merged] of pair(lines, records)) {
    if (merged === undefined) {
      if (line !== undefined) yield line;
      continue;
    }
    for (const [hash, value] of Object.entries(merged.provenances ?? {})) {
      if (!written.has(hash)) yield provenanceLine(hash, value);
      written.add(hash);
    }
    yield notebookLine(line === undefined ? merged : mergeRecords(parseNotebookLine(line), merged));
  }
}

/** The lines of a share of the texts with the texts of records merged in. */
export async function* mergeTextLines(lines: Lines, records: readonly NotebookRecord[]): AsyncIterable<string> {
  for await (const [line, merged] of pair(lines, records)) {
    if (merged === undefined) {
      if (line !== undefined) yield line;
      continue;
    }
    const { core, text } = line === undefined ? merged : mergeRecords(parseTextLine(line), merged);
    if (text) yield textLine(core.notebookId, text);
  }
}

/** Puts lines and records of the same id together, in the order of ids. Other lines keep their place. */
async function* pair(
  lines: Lines,
  records: readonly NotebookRecord[]
): AsyncIterable<[line: string | undefined, record: NotebookRecord | undefined]> {
  let next = 0;
  for await (const line of lines) {
    const id = idOfLine(line);
    if (id === undefined) {
      yield [line, undefined];
      continue;
    }
    for (; (records[next]?.core.notebookId ?? '~') < id; next++) yield [undefined, records[next]];
    if (records[next]?.core.notebookId === id) yield [line, records[next++]];
    else yield [line, undefined];
  }
  for (; next < records.length; next++) yield [undefined, records[next]];
}
