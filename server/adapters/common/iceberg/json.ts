/**
 * JSON whose whole numbers beyond 2^53 arrive as texts: ids of snapshots have 64 bits.
 *
 * @throws SyntaxError
 */
export function parseExact(text: string): unknown {
  // Node gives the text of a number beside its value.
  return JSON.parse(text, function exact(_key: string, value: unknown, context?: { source?: string }): unknown {
    if (typeof value !== 'number' || Number.isSafeInteger(value) || !Number.isInteger(value)) return value;
    const source = context?.source;
    return source !== undefined && /^-?\d+$/.test(source) ? source : value;
  } as (key: string, value: unknown) => unknown);
}
