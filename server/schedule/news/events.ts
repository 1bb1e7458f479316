import { open } from 'node:fs/promises';
import * as z from 'zod';
import { isEnded } from '../../../contract/schedule/records.js';
import type { StreamEvent } from '../../../contract/route.js';
import type { Run, RunEvent } from '../../../contract/schedule/index.js';
import type { Clock } from '../../ports.js';
import type { ScheduleFiles, ScheduleStore } from '../ports.js';

/** How often a run's events and state are looked at. Milliseconds. */
const POLL = 250;
/** Longest line of events that is read. Bytes. */
const LONGEST_LINE = 8 * 2 ** 20;
const CHUNK = 64 * 1024;
/** Events that may be told between two lines: the number of an event is that of its line's end times this, and counts on. */
const STEP = 1000;

/** A line of `events.ndjson`, as far as people watch it. */
const Line = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('started'),
    cells: z.number(),
    resumed: z.object({ text: z.string() }).nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish()
  }),
  z.object({
    event: z.literal('cell'),
    index: z.number(),
    cell: z.number(),
    of: z.number(),
    state: z.enum(['running', 'done', 'failed']),
    seconds: z.number().nullish(),
    source: z.string().nullish()
  }),
  z.object({ event: z.literal('output'), index: z.number(), output: z.looseObject({ output_type: z.string() }) }),
  z.object({ event: z.literal('memory'), resident: z.number(), peak: z.number() }),
  z.object({ event: z.literal('log'), level: z.string(), text: z.string(), at: z.string() })
]);

export interface FollowRunOptions {
  store: Pick<ScheduleStore, 'run' | 'get'>;
  files: Pick<ScheduleFiles, 'result'>;
  clock: Clock;
  run: Run;
  /** Number of the last event that was seen; 0 for all. */
  after: number;
  signal: AbortSignal;
}

/**
 * What happens in the newest attempt of a run, until it ends or nobody listens. The number of an event says where its
 * line ends in `events.ndjson`, so that whoever comes back goes on there. The run itself is told when it changes, and last.
 * It ends before the next attempt begins, too.
 */
export async function* followRun(options: FollowRunOptions): AsyncIterable<StreamEvent<RunEvent>> {
  const { store, clock, signal } = options;
  let seen = Math.floor(options.after / STEP);
  let id = options.after;
  let told = '';
  let attempts = 0;
  while (!signal.aborted) {
    const run = store.run(options.run.id);
    if (run === undefined) return;
    // The next attempt writes a file of its own: whoever comes back reads that from its beginning.
    if (attempts > 0 && run.attempts.length !== attempts) return;
    attempts = run.attempts.length;
    for await (const { end, data } of linesOf(await eventsFile(options, run), seen)) {
      seen = end;
      id = seen * STEP;
      if (data !== undefined)
        yield { id, data: data.type === 'started' ? { ...data, attempt: run.attempts.length } : data };
    }
    const now = JSON.stringify(run);
    if (now !== told) yield { id: ++id, data: { type: 'run', run } };
    told = now;
    if (isEnded(run.state)) return;
    await clock.sleep(POLL, signal).catch(() => undefined);
  }
}

async function eventsFile({ store, files }: FollowRunOptions, run: Run): Promise<string | undefined> {
  const schedule = store.get(run.scheduleId);
  const place = run.attempts.at(-1)?.output;
  if (schedule === undefined || place === undefined) return undefined;
  // One that lies elsewhere may be out of reach: the run itself is told all the same.
  return files.result(schedule.root, place, 'events.ndjson').catch(() => undefined);
}

/** Whole lines of a file from a place on. A line that is too long, or none of ours, has no data. */
async function* linesOf(
  file: string | undefined,
  from: number
): AsyncIterable<{ end: number; data: RunEvent | undefined }> {
  const handle = file === undefined ? undefined : await open(file).catch(() => undefined);
  if (handle === undefined) return;
  try {
    let at = from;
    let parts: Buffer[] = [];
    let length = 0;
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, at + length);
      if (bytesRead === 0) return;
      let rest = buffer.subarray(0, bytesRead);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        parts.push(rest.subarray(0, end));
        at += length + end + 1;
        yield { end: at, data: length > LONGEST_LINE ? undefined : read(Buffer.concat(parts).toString('utf8')) };
        [parts, length, rest] = [[], 0, rest.subarray(end + 1)];
      }
      length += rest.length;
      if (length <= LONGEST_LINE) parts.push(rest);
    }
  } finally {
    await handle.close();
  }
}

function read(text: string): RunEvent | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { data: line } = Line.safeParse(json);
  switch (line?.event) {
    case undefined:
      return undefined;
    case 'started':
      return {
        type: 'started',
        attempt: 1,
        cells: line.cells,
        ...(line.resumed && { resumed: line.resumed.text }),
        ...(line.parameters && { parameters: line.parameters })
      };
    case 'cell': {
      const { event: _, seconds, source, ...cell } = line;
      return {
        type: 'cell',
        ...cell,
        ...(typeof seconds === 'number' && { seconds }),
        ...(typeof source === 'string' && { source })
      };
    }
    case 'output':
      return { type: 'output', index: line.index, output: line.output };
    case 'memory':
      return { type: 'memory', resident: line.resident, peak: line.peak };
    case 'log':
      return { type: 'log', level: line.level, text: line.text, at: line.at };
  }
}
