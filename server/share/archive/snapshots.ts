import * as z from 'zod';
import { Instant, Sha256, Ulid } from '../../../contract/identifiers.js';
import { Provenance } from '../../../contract/share/index.js';
import type { Log } from '../../ports.js';
import type { NotebookRecord, ObjectStore } from '../ports.js';
import { parseSnapshotKey, SNAPSHOTS, snapshotKey } from './keys.js';
import { linesOf, unpack } from './packed.js';
import { mergeRecords } from './record.js';
import { NotebookCoreSchema, VersionFactSchema } from './schemas.js';

/**
 * The first line of a snapshot. After it comes a line per notebook, sorted by id, each with the provenances before it
 * that it is the first to refer to, and `{"end":true}` as the last.
 */
export const SnapshotHeader = z.object({
  format: z.literal(1),
  id: Ulid,
  /** The snapshot it was made from. */
  previous: Ulid.optional(),
  createdAt: Instant,
  /** Events in it whose objects may still be in the log. */
  events: z.array(Ulid),
  /** The objects with the texts, by shard. Those that did not change are shared with older snapshots. */
  texts: z.record(z.string(), z.string())
});
export type SnapshotHeader = z.infer<typeof SnapshotHeader>;

const TextLine = z.object({ id: Ulid, event: Ulid, text: z.string() });
const ProvenanceLine = z.object({ provenance: Sha256, value: Provenance });
const NotebookLine = z.object({ id: Ulid, core: NotebookCoreSchema, versions: z.array(VersionFactSchema) });

export const END_LINE = '{"end":true}';

export function notebookLine({ core, versions }: NotebookRecord): string {
  return JSON.stringify({ id: core.notebookId, core, versions });
}

export function provenanceLine(provenance: string, value: Provenance): string {
  return JSON.stringify({ provenance, value });
}

export function textLine(id: string, { event, value }: { event: string; value: string }): string {
  return JSON.stringify({ id, event, text: value });
}

/** The notebook a line of a snapshot or of its texts belongs to; undefined for any other line. Does not parse it. */
export function idOfLine(line: string): string | undefined {
  return line.startsWith('{"id":"') ? line.slice(7, 33) : undefined;
}

export function parseNotebookLine(line: string): NotebookRecord {
  const { core, versions } = NotebookLine.parse(JSON.parse(line));
  return { core, versions };
}

export function parseTextLine(line: string): NotebookRecord {
  const { id, event, text } = TextLine.parse(JSON.parse(line));
  return { core: { notebookId: id, last: event }, versions: [], text: { event, value: text } };
}

/** Reads snapshots. */
export interface Snapshots {
  /** The ids of all that are there, newest first. The newest one counts. */
  ids(): Promise<string[]>;
  header(id: string): Promise<SnapshotHeader>;
  /** The lines after the header, without the end line. Throws where the snapshot is cut or broken. */
  lines(id: string): AsyncIterable<string>;
  /** The lines of a shard of the texts; none where it is not there. */
  textLines(key: string | undefined): AsyncIterable<string>;
  /** The records of a snapshot, sorted by id. What cannot be read is told to the log and left out. */
  records(header: SnapshotHeader): AsyncIterable<NotebookRecord>;
}

export function createSnapshots(store: ObjectStore, log: Log): Snapshots {
  async function* open(key: string): AsyncIterable<string> {
    const source = await store.open(key);
    if (source === undefined) throw new Error(`${key} is not there.`);
    yield* linesOf(unpack(source));
  }

  async function header(id: string): Promise<SnapshotHeader> {
    for await (const line of open(snapshotKey(id))) return SnapshotHeader.parse(JSON.parse(line));
    throw new Error(`${snapshotKey(id)} is empty.`);
  }

  async function* lines(id: string): AsyncIterable<string> {
    let first = true;
    let ended = false;
    for await (const line of open(snapshotKey(id))) {
      if (line === END_LINE) ended = true;
      else if (!first) yield line;
      first = false;
    }
    if (!ended) throw new Error(`${snapshotKey(id)} is cut.`);
  }

  async function* textLines(key: string | undefined): AsyncIterable<string> {
    if (key !== undefined) yield* open(key);
  }

  /** Parses lines; one broken line, or the broken rest of an object, never hides the others. */
  async function* tolerant<T>(source: AsyncIterable<string>, object: string, parse: (line: string) => T) {
    try {
      for await (const line of source) {
        let parsed: T;
        try {
          parsed = parse(line);
        } catch (error) {
          log.error({ err: error, object, line: line.slice(0, 100) }, 'a line of the archive cannot be read');
          continue;
        }
        yield parsed;
      }
    } catch (error) {
      log.error({ err: error, object }, 'an object of the archive cannot be read to its end');
    }
  }

  async function* texts(header: SnapshotHeader): AsyncGenerator<NotebookRecord> {
    for (const [, key] of Object.entries(header.texts).sort(([a], [b]) => (a < b ? -1 : 1))) {
      yield* tolerant(textLines(key), key, parseTextLine);
    }
  }

  /** Reads the notebooks and their texts side by side, both sorted by id. */
  async function* records(header: SnapshotHeader): AsyncIterable<NotebookRecord> {
    const reader = texts(header);
    try {
      let text = await reader.next();
      let provenances: Record<string, Provenance> = {};
      for await (const part of tolerant(lines(header.id), snapshotKey(header.id), parseLine)) {
        if (!('core' in part)) {
          provenances[part.provenance] = part.value;
          continue;
        }
        const id = part.core.notebookId;
        for (; !text.done && text.value.core.notebookId < id; text = await reader.next()) yield text.value;
        const own = !text.done && text.value.core.notebookId === id ? text.value : undefined;
        yield { ...(own ? mergeRecords(part, own) : part), provenances };
        if (own) text = await reader.next();
        provenances = {};
      }
      for (; !text.done; text = await reader.next()) yield text.value;
    } finally {
      await reader.return(undefined);
    }
  }

  return {
    async ids() {
      const ids: string[] = [];
      for await (const key of store.keys(SNAPSHOTS)) {
        const id = parseSnapshotKey(key);
        if (id !== undefined) ids.unshift(id);
      }
      return ids;
    },
    header,
    lines,
    textLines,
    records
  };
}

function parseLine(line: string): NotebookRecord | z.infer<typeof ProvenanceLine> {
  return idOfLine(line) === undefined ? ProvenanceLine.parse(JSON.parse(line)) : parseNotebookLine(line);
}
