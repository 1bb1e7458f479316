import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

/** Unpacks gzip as it streams by. What is wrong with the source or its bytes is thrown where it is read. */
export function unpack(source: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  // The failure reaches the reader too, because the pipeline destroys `gunzip` with it.
  pipeline(Readable.from(source), gunzip).catch(() => undefined);
  return gunzip as AsyncIterable<Buffer>;
}

/** The lines of UTF-8 text; the last one with or without a line end. */
export async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of source) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** Writes lines as gzip into a file that does not exist. */
export async function packLines(lines: AsyncIterable<string>, file: string): Promise<void> {
  await pipeline(Readable.from(inBlocks(lines)), createGzip(), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
}

/** Joins lines to blocks: a stream chunk per line would cost more than the packing. */
async function* inBlocks(lines: AsyncIterable<string>): AsyncIterable<string> {
  let block: string[] = [];
  let length = 0;
  for await (const line of lines) {
    block.push(line, '\n');
    length += line.length;
    if (length < 65_536) continue;
    yield block.join('');
    block = [];
    length = 0;
  }
  if (block.length > 0) yield block.join('');
}
