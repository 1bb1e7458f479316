import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import * as z from 'zod';

/** What the runner tells of a run, as far as a person follows it (docs/users/runner.md has all of it). */
const Told = z.union([
  z.object({ event: z.literal('started'), cells: z.number() }),
  z.object({
    event: z.literal('cell'),
    cell: z.number(),
    of: z.number(),
    state: z.enum(['running', 'done', 'failed']),
    seconds: z.number().optional()
  }),
  z.object({ event: z.literal('log'), level: z.string(), text: z.string() }),
  z.object({ event: z.literal('notice'), text: z.string() })
]);
export type Told = z.infer<typeof Told>;

/** Milliseconds between two looks at the file. */
const BEAT = 100;
const CHUNK = 256 * 1024;

/**
 * Follows `events.ndjson` of a run from its beginning.
 *
 * @param file - may come later
 * @returns stops following, after a last look
 */
export function followEvents(file: string, heard: (told: Told) => void): () => Promise<void> {
  const decoder = new StringDecoder('utf8');
  let offset = 0;
  let begun = '';
  const stopped = new AbortController();

  async function look(): Promise<void> {
    const handle = await open(file, 'r').catch(() => undefined);
    if (handle === undefined) return;
    try {
      for (;;) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, offset);
        if (bytesRead === 0) return;
        offset += bytesRead;
        const lines = (begun + decoder.write(buffer.subarray(0, bytesRead))).split('\n');
        begun = lines.pop() ?? '';
        for (const line of lines) hear(line, heard);
      }
    } finally {
      await handle.close();
    }
  }

  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await look();
      await new Promise(resolve => setTimeout(resolve, BEAT));
    }
    await look();
  })();

  return async () => {
    stopped.abort();
    await loop;
  };
}

function hear(line: string, heard: (told: Told) => void): void {
  try {
    const told = Told.safeParse(JSON.parse(line)).data;
    if (told !== undefined) heard(told);
  } catch {
    // A line that was torn by a full disk: the run's record says what matters.
  }
}
