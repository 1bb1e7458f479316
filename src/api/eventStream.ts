/** One server-sent event as it travelled. */
export interface ServerEvent {
  /** The id of the last event that named one. */
  id: string;
  /** `message` where none is named. */
  event: string;
  data: string;
}

/**
 * Reads a stream of server-sent events.
 *
 * @param chunks - the bytes of the answer, split anywhere
 * @param onBytes - told about every chunk, also about heartbeats that carry no event
 * @returns the events; an event that the connection cut off is left out
 */
export async function* readEvents(
  chunks: AsyncIterable<Uint8Array>,
  onBytes?: () => void
): AsyncGenerator<ServerEvent, void, void> {
  const decoder = new TextDecoder();
  let rest = '';
  let id = '';
  let event = '';
  let data: string[] = [];

  for await (const chunk of chunks) {
    onBytes?.();
    rest += decoder.decode(chunk, { stream: true });
    const { lines, remainder } = splitLines(rest);
    rest = remainder;
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { id, event: event || 'message', data: data.join('\n') };
        event = '';
        data = [];
        continue;
      }
      const { field, value } = parseLine(line);
      if (field === 'data') data.push(value);
      else if (field === 'event') event = value;
      else if (field === 'id' && !value.includes('\0')) id = value;
    }
  }
}

/** Whole lines of a text, and what follows the last one. A trailing CR is kept back: its LF may come next. */
function splitLines(text: string): { lines: string[]; remainder: string } {
  const lines: string[] = [];
  const end = /\r\n|\n|\r(?!$)/g;
  let from = 0;
  for (let match = end.exec(text); match; match = end.exec(text)) {
    lines.push(text.slice(from, match.index));
    from = end.lastIndex;
  }
  return { lines, remainder: text.slice(from) };
}

function parseLine(line: string): { field: string; value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { field: line, value: '' };
  const value = line.slice(colon + 1);
  return { field: line.slice(0, colon), value: value.startsWith(' ') ? value.slice(1) : value };
}
