/** Longer texts are cut. Characters. */
const LONGEST = 5_000;

// eslint-disable-next-line no-control-regex -- the colours of a terminal are what it takes out
const COLOURS = /\u001b\[[0-9;]*[A-Za-z]/g;

/**
 * What the outputs of a cell say in plain text, one after the other; what stands for a picture is left out.
 *
 * @param cell - from a file, so it may hold anything
 */
export function textsOf(cell: unknown): string {
  const outputs = field(cell, 'outputs');
  if (!Array.isArray(outputs)) return '';
  const all = outputs.map(textIn).join('').trimEnd();
  return all.length > LONGEST ? `${all.slice(0, LONGEST)}…` : all;
}

function textIn(output: unknown): string {
  const data = field(output, 'data');
  if (typeof data === 'object' && data !== null) {
    const isPicture = Object.keys(data).some(kind => kind.startsWith('image/'));
    return isPicture ? '' : line(field(data, 'text/plain'));
  }
  const name = field(output, 'ename');
  if (typeof name === 'string') return line(`${name}: ${joined(field(output, 'evalue'))}`);
  return joined(field(output, 'text'));
}

function line(text: unknown): string {
  const whole = joined(text);
  return whole === '' || whole.endsWith('\n') ? whole : `${whole}\n`;
}

function joined(text: unknown): string {
  const whole = Array.isArray(text) ? text.join('') : text;
  return typeof whole === 'string' ? whole.replace(COLOURS, '') : '';
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
