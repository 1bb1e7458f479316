/** Foreign words as one short line: no control characters, which could drive a terminal, and no end without end. */
export function plainLine(text: string, length: number): string {
  const line = text
    .toWellFormed()
    // eslint-disable-next-line no-control-regex -- control characters are what it removes
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ')
    .trim();
  return line.length > length ? `${line.slice(0, length).toWellFormed()}…` : line;
}
