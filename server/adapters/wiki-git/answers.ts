import { ProblemError } from '../../../contract/problem.js';
import { sentence, type WikiHttp } from '../../share/wiki/http.js';
import type { GitFailure } from './git.js';

/** What became of a push, or of any talk with the server that ended early. */
export type Verdict =
  /** The wiki is no longer where the commit begins. */
  | { kind: 'overtaken' }
  /** The copy on this machine is not whole. */
  | { kind: 'local' }
  /** `passing`: it may go well in a moment. `ask`: the server can be asked for more than git says. */
  | { kind: 'problem'; problem: ProblemError; passing: boolean; ask: boolean };

export interface Words {
  label: string;
  /** The address of the wiki, for people. */
  url: string;
  /** What to do where the server knows no such repository. */
  missing: string;
  timeoutMs: number;
}

const SIGN_IN = /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled/i;
const OVERTAKEN =
  /\[rejected\]|\[remote rejected\].*(?:fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value|stale info|reference already exists)/i;
const REFUSED = /\[remote rejected\][^(]*\((.*)\)/i;
const NO_GIT =
  /not valid: is this a git repository|protocol error|bad line length|invalid server response|expected (?:flush|service)|unexpected (?:flush|response)/i;
const CERTIFICATE = /certificate|server verification failed|CAfile|local issuer/i;
const BROKEN =
  /Could not resolve|Failed to connect|Couldn't connect|Connection (?:refused|reset|timed out|was reset)|Empty reply|hung up|early EOF|transfer closed|Recv failure|Send failure|RPC failed|unpack-objects|index-pack|unable to access|curl \d+|Operation (?:too slow|timed out)|expected .*packfile|remote end|disconnect|SSL|TLS|fetch-pack: |sideband/i;

/** Reads in what git said what went wrong. */
export function judge(failure: GitFailure, { label, url, missing, timeoutMs }: Words, http: WikiHttp): Verdict {
  const said = failure.said;
  const problem = (
    given: ProblemError,
    { passing = false, ask = false }: { passing?: boolean; ask?: boolean } = {}
  ): Verdict => ({ kind: 'problem', problem: given, passing, ask });
  switch (failure.reason) {
    case 'cancelled':
      return problem(new ProblemError('cancelled', 'Sharing was cancelled.'));
    case 'missing':
      return problem(
        new ProblemError(
          'target-failed',
          `${label} is reached with the program git, which is not on this machine. Install git 2.31 or newer where Jupyter runs.`
        )
      );
    case 'silent':
      return failure.isRemote
        ? problem(
            new ProblemError(
              'target-unreachable',
              `${label} gave no whole answer within ${Math.round(timeoutMs / 1000)} seconds. Share again when it is quicker; what was done is kept.`
            )
          )
        : { kind: 'local' };
    case 'too-long':
      return problem(
        new ProblemError('target-failed', `${label} holds a page that is too long to be read. Make it shorter there.`)
      );
    case 'exit':
  }
  if (!failure.isRemote) return { kind: 'local' };
  if (OVERTAKEN.test(said)) return { kind: 'overtaken' };
  const refused = REFUSED.exec(said)?.[1];
  if (refused !== undefined) return problem(refusal(label, refused, said));
  if (SIGN_IN.test(said)) return problem(http.refusal({ status: 401, headers: new Headers(), text: '' }));
  const status = Number(/(?:returned error: |HTTP )(\d{3})/.exec(said)?.[1]);
  if (status === 404 || status === 410)
    return problem(
      new ProblemError('target-not-found', `${label} has no wiki at ${url} (${status}). ${missing}`, { cause: failure })
    );
  if (status >= 400)
    return problem(http.refusal({ status, headers: new Headers(), text: '' }), {
      passing: status >= 500 || status === 429,
      ask: status === 429 || status === 503
    });
  if (status >= 300 || NO_GIT.test(said))
    return problem(
      new ProblemError(
        'target-signin',
        `${label} answered with something else than a git repository: most likely a sign-in page stands before it. Let Lakeside's account in without it, or correct the address in the configuration.`,
        { cause: failure }
      ),
      { passing: true, ask: true }
    );
  if (CERTIFICATE.test(said))
    return problem(
      new ProblemError(
        'target-unreachable',
        `${label} shows a certificate that this machine does not trust. Put the authority that signed it into the file that SSL_CERT_FILE names.`,
        { cause: failure }
      )
    );
  if (BROKEN.test(said))
    return problem(
      new ProblemError(
        'target-unreachable',
        `${label} cannot be reached at ${new URL(url).host}, or broke the connection off. Check the network and the address in the configuration, then share again; what was done is kept.`,
        { cause: failure }
      ),
      { passing: true }
    );
  return { kind: 'local' };
}

/** A push that a rule of the site refused. */
function refusal(label: string, reason: string, said: string): ProblemError {
  const words = [...said.matchAll(/^remote:[ \t]*(.*?)[ \t]*$/gm)].map(([, line]) => line ?? '').filter(Boolean);
  const why = sentence(words.length === 0 ? reason : words.join(' '));
  if (/too large|exceeds|size limit|maximum/i.test(`${reason} ${why}`))
    return new ProblemError(
      'target-too-large',
      `${label} takes nothing so large: ${why} Hide the code, clear large outputs, or ask an administrator to raise the limit.`
    );
  return new ProblemError(
    'target-forbidden',
    `${label} refused the change: ${why} Ask an administrator of the site to let Lakeside's account push to the wiki.`
  );
}
