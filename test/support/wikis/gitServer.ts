import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An account of the site. */
export interface GitAccount {
  user: string;
  token: string;
}

/** The wiki of a project on a site that serves git: the real `git http-backend`, behind a sign-in. */
export interface GitWikiServer {
  /** `http://127.0.0.1:<port>`. */
  base: string;
  /** The address from which the wiki is cloned. */
  url: string;
  /** The bare repository. */
  repository: string;
  /** May read and write. */
  robot: GitAccount;
  /** May read and write: a person. */
  person: GitAccount;
  /** May only read. */
  reader: GitAccount;
  /** Addresses that were asked for. */
  requests: string[];
  /** Runs git in the bare repository. */
  git(...words: string[]): string;
  /** The bytes of a file as it is now. @throws where there is none */
  bytes(path: string): Buffer;
  /** How many commits the wiki has. */
  commits(): number;
  /** Answers pages for people, where a test wants to look at some. */
  serve: ((path: string, response: ServerResponse, request: IncomingMessage) => boolean) | undefined;
  /** Makes a rule that decides about each push: a shell script. */
  hook(script: string): void;
  stop(): Promise<void>;
}

const BRANCH = 'main';
const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null'
};

/**
 * Starts a site with one wiki on loopback.
 *
 * @param options.isEmpty - without the first page that a person made
 */
export async function startGitWiki({ isEmpty = false }: { isEmpty?: boolean } = {}): Promise<GitWikiServer> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'lakeside-gitwiki-')));
  const repository = join(home, 'team', 'lab.wiki.git');
  execFileSync('git', ['init', '--quiet', '--bare', '-b', BRANCH, '--', repository], { env: ENVIRONMENT });
  const account = (user: string): GitAccount => ({ user, token: `tok-${randomBytes(16).toString('hex')}` });
  const [robot, person, reader] = [account('lakeside'), account('ada'), account('reader')];
  const writers = new Map([robot, person].map(each => [header(each), each.user]));
  const readers = new Map([...writers, [header(reader), reader.user]]);
  const git = (...words: string[]): string =>
    execFileSync('git', [`--git-dir=${repository}`, ...words], {
      env: { ...ENVIRONMENT, ...PERSON },
      encoding: 'utf8',
      maxBuffer: 1 << 28
    });
  const server: GitWikiServer = {
    base: '',
    url: '',
    repository,
    robot,
    person,
    reader,
    requests: [],
    git,
    bytes: path =>
      execFileSync('git', [`--git-dir=${repository}`, 'cat-file', 'blob', `${BRANCH}:${path}`], {
        env: ENVIRONMENT,
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'ignore']
      }),
    commits: () => Number(git('rev-list', '--count', '--all').trim()),
    serve: undefined,
    hook(script) {
      const file = join(repository, 'hooks', 'pre-receive');
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
    },
    async stop() {
      await new Promise<void>(resolve => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
      rmSync(home, { recursive: true, force: true });
    }
  };
  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    server.requests.push(request.url ?? '');
    if (server.serve?.(url.pathname, response, request) === true) return;
    const user = readers.get(request.headers.authorization ?? '');
    const writes = url.pathname.endsWith('/git-receive-pack') || url.searchParams.get('service') === 'git-receive-pack';
    if (user === undefined) refuse(response, 401, { 'www-authenticate': 'Basic realm="Site"' });
    else if (writes && !writers.has(request.headers.authorization ?? '')) refuse(response, 403);
    else backend(home, url, user, request, response);
  });
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  server.base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  server.url = `${server.base}/team/lab.wiki.git`;
  if (!isEmpty) {
    const tree = git('hash-object', '-t', 'tree', '-w', '/dev/null').trim();
    git('update-ref', `refs/heads/${BRANCH}`, git('commit-tree', tree, '-m', 'The wiki begins').trim());
  }
  return server;
}

const PERSON = Object.fromEntries(
  ['AUTHOR', 'COMMITTER'].flatMap(role => [
    [`GIT_${role}_NAME`, 'Ada Person'],
    [`GIT_${role}_EMAIL`, 'ada@example.org']
  ])
);

function header({ user, token }: GitAccount): string {
  return `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain', ...headers });
  response.end('No.');
}

/** Git's own program, spoken to by CGI. */
function backend(root: string, url: URL, user: string, request: IncomingMessage, response: ServerResponse): void {
  const given = (name: string): string => [request.headers[name] ?? ''].flat().join(', ');
  const length = request.headers['content-length'];
  const child = spawn('git', ['http-backend'], {
    env: {
      ...ENVIRONMENT,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: given('content-type'),
      ...(length !== undefined && { CONTENT_LENGTH: length }),
      HTTP_CONTENT_ENCODING: given('content-encoding'),
      GIT_PROTOCOL: given('git-protocol'),
      REMOTE_USER: user,
      REMOTE_ADDR: '127.0.0.1'
    },
    stdio: ['pipe', 'pipe', 'ignore']
  });
  request.pipe(child.stdin).on('error', () => undefined);
  response.on('close', () => child.kill());
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (head === undefined) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const lines = head.toString('latin1', 0, end).split('\r\n');
    const pairs = lines.map(line => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 2)
    ]);
    const { status, ...headers } = Object.fromEntries(pairs) as Record<string, string>;
    response.writeHead(Number(status?.slice(0, 3) ?? 200), headers);
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  child.on('close', () => {
    if (head === undefined) response.end();
    else response.destroy();
  });
}
