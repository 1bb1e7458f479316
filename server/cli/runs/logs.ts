import { isEnded } from '../../../contract/schedule/index.js';
import type { RunEvent } from '../../../contract/schedule/index.js';
import { routes } from '../../../contract/routes.js';
import { readArguments } from '../arguments.js';
import { plain, print, printJson } from '../output.js';
import { withSession } from '../session.js';

/**
 * `lakeside runs logs`: what happened in the newest attempt of a run; with `--follow` what happens, until it ends.
 */
export async function logs(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { follow: { type: 'boolean', short: 'f' }, json: { type: 'boolean' } },
    { min: 1, usage: 'lakeside runs logs RUN [--follow] [--json]' }
  );
  return withSession(async ({ client }) => {
    const params = { runId: positionals[0] ?? '' };
    const { state } = await client.call(routes.runs.get, { params });
    const ended = new AbortController();
    const stop = (): void => ended.abort();
    process.once('SIGINT', stop);
    try {
      const events = await client.call(routes.runs.events, { params, query: {} }, { signal: ended.signal });
      const quiet = whenQuiet(values.follow === true || isEnded(state), stop);
      for await (const { data } of events) {
        quiet.heard();
        if (values.json) printJson(data);
        else for (const line of inWords(data)) print(line);
        if (data.type === 'run' && isEnded(data.run.state)) break;
      }
      quiet.end();
    } catch (error) {
      if (!ended.signal.aborted) throw error;
    } finally {
      process.off('SIGINT', stop);
    }
    return 0;
  });
}

/** Milliseconds without an event after which what there is has been told. */
const QUIET = 400;

/** Ends a stream that is not to be followed once it has no more to tell. */
function whenQuiet(follows: boolean, stop: () => void): { heard: () => void; end: () => void } {
  if (follows) return { heard: () => undefined, end: () => undefined };
  let timer = setTimeout(stop, QUIET);
  return {
    heard() {
      clearTimeout(timer);
      timer = setTimeout(stop, QUIET);
    },
    end: () => clearTimeout(timer)
  };
}

/** An event as lines; none for what a log need not tell. */
function inWords(event: RunEvent): string[] {
  switch (event.type) {
    case 'started':
      return [`attempt ${event.attempt}: ${event.cells} cells${event.resumed ? `, ${plain(event.resumed)}` : ''}`];
    case 'cell': {
      if (event.state === 'running') return [];
      const time = event.seconds === undefined ? '' : ` after ${event.seconds.toFixed(1)} s`;
      return [`cell ${event.cell} of ${event.of} ${event.state}${time}`];
    }
    case 'output':
      return textOf(event.output).map(line => `  ${plain(line)}`);
    case 'log':
      return [`${event.level}: ${plain(event.text)}`];
    case 'run':
      return isEnded(event.run.state)
        ? [`${event.run.state}${event.run.reason === undefined ? '' : `: ${plain(event.run.reason)}`}`]
        : [];
    case 'memory':
      return [];
  }
}

/** What an output shows as text; pictures and the like are not told. */
function textOf(output: Record<string, unknown>): string[] {
  const data = output['data'];
  const shown =
    output['text'] ??
    (typeof data === 'object' && data !== null && 'text/plain' in data ? data['text/plain'] : undefined) ??
    (typeof output['ename'] === 'string' ? `${output['ename']}: ${String(output['evalue'])}` : undefined);
  const text = Array.isArray(shown) ? shown.join('') : shown;
  return typeof text === 'string' && text !== '' ? text.replace(/\n$/, '').split('\n') : [];
}
