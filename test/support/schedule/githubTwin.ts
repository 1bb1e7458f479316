import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { startGitWiki } from '../wikis/gitServer.js';
import type { GitWikiServer } from '../wikis/gitServer.js';

/** What GitHub's API takes to open a pull request (docs.github.com/rest/pulls); unknown fields it would not refuse, we do. */
const Asked = z.strictObject({
  title: z.string().min(1).max(256),
  body: z.string(),
  head: z.string(),
  base: z.string(),
  maintainer_can_modify: z.boolean()
});
type Asked = z.infer<typeof Asked>;

/** A real git server over HTTP with a strict twin of the part of GitHub's API that opens pull requests. */
export interface GithubTwin extends GitWikiServer {
  token: string;
  /** Pull requests in their order, the number is the place counted from 1. */
  pulls: Asked[];
  /** Calls of the API: method, path with query. */
  calls: string[];
  /** Answers every call of the API with this status. */
  fails: number | undefined;
}

export async function startGithubTwin(): Promise<GithubTwin> {
  const server = await startGitWiki();
  const token = `ghp_${'x'.repeat(20)}${Math.random().toString(36).slice(2, 12)}`;
  const twin: GithubTwin = Object.assign(server, { token, pulls: [], calls: [], fails: undefined });
  const pulls = '/api/v3/repos/team/lab.wiki/pulls';
  server.serve = (path, response, request) => {
    if (!path.startsWith('/api/')) return false;
    twin.calls.push(`${request.method} ${request.url}`);
    void answer(request, response);
    return true;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', twin.base);
    const say = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${token}`) {
      say(401, { message: 'Bad credentials' });
      return;
    }
    if (!request.headers['user-agent']) {
      say(403, { message: 'Request forbidden by administrative rules.' });
      return;
    }
    if (request.headers['x-github-api-version'] !== '2022-11-28') {
      say(400, { message: 'Version missing' });
      return;
    }
    if (twin.fails !== undefined) {
      say(twin.fails, { message: 'Resource not accessible by this token' });
      return;
    }
    if (url.pathname !== pulls) {
      say(404, { message: 'Not Found' });
      return;
    }
    const shown = (asked: Asked, at: number): object => ({
      number: at + 1,
      state: 'open',
      html_url: `${twin.base}/team/lab.wiki/pull/${at + 1}`,
      title: asked.title
    });
    if (request.method === 'GET') {
      const { head, base, state } = Object.fromEntries(url.searchParams);
      const found = twin.pulls.flatMap((pull, at) =>
        `team:${pull.head}` === head && pull.base === base && state === 'open' ? [shown(pull, at)] : []
      );
      say(200, found);
      return;
    }
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const asked = Asked.safeParse(JSON.parse(text));
    if (!asked.success) {
      say(422, { message: 'Validation Failed', errors: asked.error.issues });
      return;
    }
    const branches = twin.git('for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n');
    for (const field of ['head', 'base'] as const) {
      const errors = [{ resource: 'PullRequest', field, code: 'invalid' }];
      if (!branches.includes(asked.data[field])) {
        say(422, { message: 'Validation Failed', errors });
        return;
      }
    }
    if (twin.pulls.some(({ head, base }) => head === asked.data.head && base === asked.data.base)) {
      const message = `A pull request already exists for team:${asked.data.head}.`;
      say(422, { message: 'Validation Failed', errors: [{ resource: 'PullRequest', code: 'custom', message }] });
      return;
    }
    twin.pulls.push(asked.data);
    say(201, shown(asked.data, twin.pulls.length - 1));
  }

  return twin;
}
