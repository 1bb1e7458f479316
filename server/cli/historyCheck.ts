import { lookAtHistory, type HistoryStanding } from '../composeHistory.js';
import type { Config } from '../config.js';
import type { Finding } from '../plugins/plugin.js';
import type { Log } from '../ports.js';
import { bytesInWords } from './output.js';

/** A save that is no version after this time waits for something. Milliseconds. */
const PATIENCE = 10 * 60_000;

/** Whether saved notebooks are kept, how much is, and whether saves wait to be taken in. */
export async function checkHistory(around: { config: Config; log: Log }): Promise<Finding> {
  return historyFinding(around.config.history, await lookAtHistory(around), Date.now());
}

/** The same in words. @param now - milliseconds since 1970 */
export function historyFinding(
  { enabled, retention }: Config['history'],
  { usage, waiting, since, broken }: HistoryStanding,
  now: number
): Finding {
  const kept = usage
    ? `${count(usage.versions, 'version')} of ${count(usage.notebooks, 'notebook')}, ${bytesInWords(usage.bytes)} of at most ${bytesInWords(retention.bytes)}`
    : 'nothing kept yet';
  const detail = [
    `${enabled ? 'on' : 'off (LAKESIDE_HISTORY)'}: ${kept}`,
    waiting > 0 && `${count(waiting, 'save')} ${waiting === 1 ? 'waits' : 'wait'} to be taken in`,
    broken > 0 && `${count(broken, 'copy', 'copies')} of saves could not be understood`
  ]
    .filter(Boolean)
    .join('; ');
  if (broken > 0)
    return {
      state: 'warning',
      detail,
      cure: 'They lie in history/saves/broken below the home. Look at them, then remove them.'
    };
  if (since !== undefined && now - since > PATIENCE)
    return {
      state: 'warning',
      detail,
      cure: 'They are taken in while a Jupyter server of this home runs. Start one; if one runs, its log says why.'
    };
  return { state: 'ok', detail };
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}
