import { readFile } from 'node:fs/promises';
import { request } from 'node:http';

/** How the endpoint answered as kernels ask it. */
export type EndpointAnswer =
  { kind: 'keys' | 'refused'; message: string } | { kind: 'unreachable'; message: string } | { kind: 'no-token' };

/** Longest wait, in milliseconds; clients of AWS give up after a second. */
const PATIENCE = 3_000;
const MOST = 64 * 1024;

/**
 * Asks the endpoint for keys, and forgets them.
 *
 * @param url - on this machine @param tokenFile - what kernels send is in it
 */
export async function askEndpoint(url: string, tokenFile: string): Promise<EndpointAnswer> {
  const token = await readFile(tokenFile, 'utf8').catch(() => undefined);
  if (token === undefined) return { kind: 'no-token' };
  return new Promise(resolve => {
    const unreachable = (message: string): void => resolve({ kind: 'unreachable', message });
    let asked;
    try {
      asked = request(url, { headers: { Authorization: token }, timeout: PATIENCE, agent: false });
    } catch {
      // A token of other bytes than headers may have, or an address that is none.
      unreachable('the address or the token is none');
      return;
    }
    asked.on('timeout', () => asked.destroy(new Error('no answer within 3 seconds')));
    asked.on('error', error => unreachable(error.message));
    asked.on('response', response => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        if (text.length < MOST) text += part;
      });
      response.on('error', error => unreachable(error.message));
      response.on('end', () =>
        resolve({ kind: response.statusCode === 200 ? 'keys' : 'refused', message: messageOf(text) })
      );
    });
    asked.end();
  });
}

/** The sentence of a refusal; keys are not looked at. */
function messageOf(text: string): string {
  try {
    const said: unknown = JSON.parse(text);
    if (typeof said === 'object' && said !== null && 'Message' in said) return String(said.Message);
  } catch {
    // Not one of ours.
  }
  return '';
}
