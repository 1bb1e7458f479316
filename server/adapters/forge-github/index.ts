import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import type { Forge } from '../../schedule/push/ports.js';

/** Milliseconds. */
const PATIENCE = 30_000;
const Request = z.object({ html_url: z.url() });

export interface GithubOptions {
  /** Where the API is: for github.com a host of its own, else `https://HOST/api/v3`. */
  api: string;
  /** Where people look: `https://HOST`. */
  web: string;
  /** `owner/name`. */
  repository: string;
  token: string;
}

/** Opens pull requests on GitHub. The token goes to the configured API alone: redirects are refused. */
export function createGithub({ api, web, repository, token }: GithubOptions): Forge {
  const pulls = `${api}/repos/${repository}/pulls`;

  async function ask(url: string, body?: object): Promise<{ status: number; answer: unknown }> {
    try {
      const response = await fetch(url, {
        method: body === undefined ? 'GET' : 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE),
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'x-github-api-version': '2022-11-28',
          'user-agent': `Lakeside/${LAKESIDE_VERSION}`,
          ...(body !== undefined && { 'content-type': 'application/json' })
        },
        ...(body !== undefined && { body: JSON.stringify(body) })
      });
      const text = await response.text();
      return { status: response.status, answer: parsed(text) };
    } catch (error) {
      throw new ProblemError('unavailable', `${web} does not answer. Open the request by hand.`, { cause: error });
    }
  }

  /** An answer's address, where it is one of this forge: what is shown is to be opened. */
  function addressOf(answer: unknown): string {
    const url = Request.safeParse(answer).data?.html_url;
    if (url?.startsWith(`${web}/`) === true) return url;
    throw new ProblemError('unavailable', `${web} answered in a way that is not known. Open the request by hand.`);
  }

  async function openOne(head: string, base: string): Promise<string> {
    const [owner = ''] = repository.split('/');
    const query = new URLSearchParams({ head: `${owner}:${head}`, base, state: 'open' });
    const { status, answer } = await ask(`${pulls}?${query.toString()}`);
    if (status !== 200 || !Array.isArray(answer) || answer.length === 0) throw refusal(web, status, answer);
    return addressOf(answer[0]);
  }

  return {
    async open({ title, body, head, base }) {
      const { status, answer } = await ask(pulls, { title, body, head, base, maintainer_can_modify: true });
      if (status === 201) return addressOf(answer);
      if (status === 422 && /already exists/i.test(JSON.stringify(answer))) return openOne(head, base);
      throw refusal(web, status, answer);
    }
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(web: string, status: number, answer: unknown): ProblemError {
  const said = z.object({ message: z.string() }).safeParse(answer).data?.message.slice(0, 300) ?? '';
  const cure =
    status === 401
      ? 'The token is not accepted: renew it.'
      : status === 403 || status === 404
        ? 'The token may not open pull requests there: give it the right to.'
        : 'Open the request by hand.';
  return new ProblemError('forbidden', `${web} answered ${status}${said === '' ? '' : ` (${said})`}. ${cure}`);
}
