/** Bits of the filter: 2 MB, so that of a million blobs one garbage blob in a few hundred is missed. */
const BITS = 2 ** 24;

/** Bits set per hash. */
const PROBES = 4;

/**
 * A set of SHA-256 hashes that takes the same small memory however many there are (a Bloom filter).
 * `has` may be wrong in one direction only: it may say yes to a hash that was never added.
 */
export class Marks {
  private readonly bits = new Uint32Array(BITS / 32);

  add(sha256: string): void {
    for (const place of places(sha256)) this.bits[place >>> 5] = (this.bits[place >>> 5] ?? 0) | (1 << (place & 31));
  }

  has(sha256: string): boolean {
    return places(sha256).every(place => ((this.bits[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0);
  }
}

/** A hash is as good as random, so pieces of it are the places. */
function places(sha256: string): number[] {
  return Array.from({ length: PROBES }, (_, probe) => parseInt(sha256.slice(probe * 8, probe * 8 + 8), 16) % BITS);
}
