// A sidecar that records what reaches it, for the tests of the front door. It keeps the agreed protocol:
// LAKESIDE_LISTEN_FD, one line of JSON on standard input, the end of which means that the parent died.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const seen = [];
let aborted = 0;
let boot;

function describe(request) {
  return { method: request.method, url: request.url, headers: request.headers, rawHeaders: request.rawHeaders };
}

function json(response, body, headers = {}) {
  const text = JSON.stringify(body);
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...headers
  });
  response.end(text);
}

async function readBody(request) {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of request) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

const routes = {
  '/health/ready': (_, response) => json(response, {}),
  '/health/live': (_, response) => json(response, {}),
  '/boot': (_, response) => json(response, { ...boot, pid: process.pid, env: process.env, argv: process.execArgv }),
  '/seen': (_, response) => json(response, { seen, aborted }),
  '/echo': async (request, response) => json(response, { ...describe(request), ...(await readBody(request)) }),
  '/cookie': (_, response) =>
    json(
      response,
      {},
      { 'Set-Cookie': ['a=1', 'b=2'], 'X-Kept': 'yes', ETag: '"v1"', Connection: 'X-Hop', 'X-Hop': '1' }
    ),
  '/empty': (_, response) => response.writeHead(204).end(),
  '/unchanged': (_, response) => response.writeHead(304, { ETag: '"v1"' }).end(),
  '/head': (_, response) => response.writeHead(200, { 'Content-Length': 12345, 'Content-Type': 'text/plain' }).end(),
  '/events': async (request, response, query) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.flushHeaders();
    for (let n = 1; n <= Number(query.get('n')); n++) {
      response.write(`id: ${n}\ndata: {"n":${n}}\n\n`);
      await sleep(Number(query.get('gap')));
    }
    response.end();
  },
  '/forever': (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('data: open\n\n');
    response.on('close', () => aborted++);
  },
  '/silent': (_, response) => response.on('close', () => aborted++),
  '/big': async (_, response, query) => {
    const total = Number(query.get('bytes'));
    response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': total });
    const chunk = Buffer.alloc(65_536, 7);
    for (let left = total; left > 0; left -= chunk.length) {
      const part = left < chunk.length ? chunk.subarray(0, left) : chunk;
      if (!response.write(part)) await new Promise(go => response.once('drain', go));
    }
    response.end();
  },
  '/broken': (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 1000 });
    response.write('half', () => response.destroy());
  },
  '/broken-chunked': (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    response.write('half', () => response.destroy());
  },
  '/refuse-upload': (_, response) =>
    response.writeHead(413, { 'Content-Type': 'application/problem+json' }).end('{"code":"too-large"}'),
  '/die': () => process.exit(1),
  '/die-once': (_, response) => {
    // Only the first sidecar of a folder dies: the marker outlives it.
    const marker = `${process.env.LAKESIDE_HOME}/died`;
    if (existsSync(marker)) return json(response, { survived: true });
    mkdirSync(process.env.LAKESIDE_HOME, { recursive: true });
    writeFileSync(marker, '');
    process.exit(1);
  },
  '/log': (request, response, query) => {
    process.stdout.write(`${query.get('line')}\n`);
    json(response, {});
  }
};

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://sidecar');
  if (!url.pathname.startsWith('/health') && url.pathname !== '/seen') seen.push(describe(request));
  const route = routes[url.pathname];
  if (route) await route(request, response, url.searchParams);
  else response.writeHead(404, { 'Content-Type': 'text/plain' }).end(`no ${request.url}`);
});

const input = createInterface({ input: process.stdin });
input.once('line', line => {
  boot = JSON.parse(line);
  server.listen({ fd: Number(process.env.LAKESIDE_LISTEN_FD) });
});
input.once('close', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
