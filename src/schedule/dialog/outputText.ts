/** The most lines and characters of an output that are shown. */
const MOST_LINES = 12;
const MOST_CHARACTERS = 4000;

// eslint-disable-next-line no-control-regex -- colours of terminals are what it takes out
const colours = /\u001b\[[0-9;?]*[A-Za-z]/g;

/**
 * The end of what a cell has shown, as plain text.
 *
 * @param output - as a notebook holds it, or `clear`
 * @param before - what stood there
 * @returns undefined where it is nothing that text can show: all stays as it is
 */
export function textOfOutput(output: Record<string, unknown>, before: string): string | undefined {
  switch (output['output_type']) {
    case 'clear':
      return '';
    case 'stream':
      return end(overwritten(`${before}${joined(output['text'])}`));
    case 'error':
      return end(errorText(output));
    default: {
      const data = output['data'] as Record<string, unknown> | undefined;
      const text = joined(data?.['text/plain']);
      return text === '' ? undefined : end(`${line(before)}${text}`);
    }
  }
}

/** The end of a traceback: where it happened and what. */
function errorText(output: Record<string, unknown>): string {
  const traceback = output['traceback'];
  if (Array.isArray(traceback) && traceback.length > 0) return traceback.map(String).join('\n');
  return `${joined(output['ename'])}: ${joined(output['evalue'])}`;
}

/**
 * A carriage return writes over its line, as progress bars do. One at the very end stays: what comes next writes over.
 * Line by line, since an expression for it takes the square of a long line's length.
 */
function overwritten(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  return lines.map(line => line.slice(line.lastIndexOf('\r', line.length - 2) + 1)).join('\n');
}

function end(text: string): string {
  const plain = text.replace(colours, '').slice(-MOST_CHARACTERS);
  return plain.split('\n').slice(-MOST_LINES).join('\n');
}

function line(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Notebooks hold text as one piece, or line by line. */
function joined(text: unknown): string {
  if (Array.isArray(text)) return text.map(String).join('');
  return typeof text === 'string' ? text : '';
}
