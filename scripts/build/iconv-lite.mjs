// Stands in for iconv-lite, of which express needs the decoding of UTF-8 only.
export function getDecoder(encoding) {
  const decoder = new TextDecoder(encoding || 'utf-8');
  return { write: bytes => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

export function decode(bytes, encoding) {
  return new TextDecoder(encoding || 'utf-8').decode(bytes);
}

export function encodingExists(encoding) {
  try {
    return Boolean(new TextDecoder(encoding));
  } catch {
    return false;
  }
}

export default { getDecoder, decode, encodingExists };
