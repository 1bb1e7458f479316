import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDatabaseProvider } from '../../../server/adapters/credential-database/index.js';
import { createPeers } from '../../../server/adapters/peer-proc/index.js';
import { createEndpoint } from '../../../server/credentials/endpoint/endpoint.js';
import { createRecorder } from '../../../server/credentials/endpoint/recorder.js';
import { scratch } from '../../support/scratch.js';
import { bench, madeProvider, testClock } from './support.js';

export const TOKEN = 't'.repeat(43);

export interface Answer {
  status: number;
  body: Record<string, string>;
  headers: Record<string, string | string[] | undefined>;
}

/** The endpoint over two profiles of AWS, `dev` and `prod`, and `warehouse`, a database whose password is typed. */
export async function start() {
  const clock = testClock();
  const [dev, prod] = [madeProvider(clock, 'dev'), madeProvider(clock, 'prod')];
  const warehouse = createDatabaseProvider({
    settings: { user: 'grace', keepFor: 8 },
    readSecret: () => Promise.reject(new Error('nothing is referred to')),
    clock,
    label: 'Warehouse'
  });
  const all = bench({ dev, prod, warehouse }, { clock });
  const tokenFile = join(scratch(), 'token');
  writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
  const recorder = createRecorder(all.audit, all.log);
  const endpoint = createEndpoint({
    handOut: name => all.handOuts.aws(name),
    handOutSecret: name => all.handOuts.secret(name),
    handedOut: (...told) => recorder.handedOut(...told),
    tokenFile,
    peers: createPeers(),
    clock,
    log: all.log
  });
  await endpoint.listen({ port: 0 });
  onTestFinished(() => endpoint.close());
  const url = new URL(endpoint.url() ?? '');
  const ask = (options: { path?: string; headers?: Record<string, string>; method?: string } = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { path = url.pathname, headers = {}, method = 'GET' } = options;
      const asked = request(
        {
          host: '127.0.0.1',
          port: url.port,
          path,
          method,
          agent: false,
          headers: { Authorization: TOKEN, ...headers }
        },
        response => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              body: (text === '' ? {} : JSON.parse(text)) as Record<string, string>,
              headers: response.headers
            })
          );
        }
      );
      asked.on('error', reject);
      asked.end();
    });
  return { ...all, clock, dev, prod, endpoint, url, ask, tokenFile, recorder };
}
