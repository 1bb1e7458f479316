import { promisify } from 'node:util';
import { zstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Chunk } from './ports.js';

/** Smaller content is packed at once: another thread would cost more. Bytes. */
const AT_ONCE = 32 * 1024;

const packLater = promisify(zstdCompress);

/** Content as it is stored: packed where that makes it smaller. */
export async function pack(hash: Buffer, bytes: Buffer): Promise<Chunk> {
  const packed = bytes.length <= AT_ONCE ? zstdCompressSync(bytes) : await packLater(bytes);
  return packed.length < bytes.length
    ? { hash, data: packed, packing: 'zstd', size: bytes.length }
    : { hash, data: Buffer.from(bytes), packing: 'none', size: bytes.length };
}

/** Stored content as it was. */
export function unpack({ data, packing }: { data: Uint8Array; packing: Chunk['packing'] }): Uint8Array {
  return packing === 'none' ? data : zstdDecompressSync(data);
}
