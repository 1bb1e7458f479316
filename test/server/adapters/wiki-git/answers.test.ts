import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../server/adapters/clock-system/index.js';
import { judge } from '../../../../server/adapters/wiki-git/answers.js';
import { GitFailure } from '../../../../server/adapters/wiki-git/git.js';
import { WikiHttp } from '../../../../server/share/wiki/http.js';

const url = 'https://git.example.org/team/lab.wiki.git';
const words = { label: 'Lab wiki', url, missing: 'Make the first page by hand.', timeoutMs: 60_000 };
const http = new WikiHttp({ label: 'Lab wiki', clock: systemClock });
const read = (said: string, isRemote = true, reason: GitFailure['reason'] = 'exit') =>
  judge(new GitFailure(isRemote, reason, said), words, http);
const unable = (why: string): string => `fatal: unable to access '${url}/': ${why}`;

/** As git, libcurl and the sites say it. */
const sayings: [said: string, code: string, sentence: RegExp, passing: boolean][] = [
  [
    "fatal: could not read Username for 'https://git.example.org': terminal prompts disabled",
    'target-signin',
    /token/,
    false
  ],
  [`remote: HTTP Basic: Access denied\nfatal: Authentication failed for '${url}/'`, 'target-signin', /token/, false],
  [unable('The requested URL returned error: 403'), 'target-forbidden', /administrator/, false],
  [
    `remote: Repository not found.\n${unable('The requested URL returned error: 404')}`,
    'target-not-found',
    /first page by hand/,
    false
  ],
  [
    'error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413\nfatal: the remote end hung up',
    'target-too-large',
    /Hide the code/,
    false
  ],
  [unable('The requested URL returned error: 429'), 'target-busy', /in a while/, true],
  [unable('The requested URL returned error: 502'), 'target-failed', /502/, true],
  [unable('The requested URL returned error: 302'), 'target-signin', /sign-in page/, true],
  [`fatal: ${url}/info/refs not valid: is this a git repository?`, 'target-signin', /sign-in page/, true],
  ['fatal: protocol error: bad line length character: <!DO', 'target-signin', /sign-in page/, true],
  [
    unable('SSL certificate problem: unable to get local issuer certificate'),
    'target-unreachable',
    /SSL_CERT_FILE/,
    false
  ],
  [
    unable('server certificate verification failed. CAfile: none CRLfile: none'),
    'target-unreachable',
    /SSL_CERT_FILE/,
    false
  ],
  [
    unable('gnutls_handshake() failed: The TLS connection was non-properly terminated.'),
    'target-unreachable',
    /git\.example\.org/,
    true
  ],
  [unable('Could not resolve host: git.example.org'), 'target-unreachable', /git\.example\.org/, true],
  [
    'error: RPC failed; curl 56 Recv failure: Connection reset by peer\nfatal: early EOF',
    'target-unreachable',
    /broke/,
    true
  ],
  [
    '! refs [remote rejected] (pre-receive hook declined)\nremote: You may not push on Fridays',
    'target-forbidden',
    /on Fridays\. Ask/,
    false
  ],
  ['! refs [remote rejected] (protected branch hook declined)', 'target-forbidden', /protected branch/, false],
  [
    'remote: error: File x is 120 MB; this exceeds the file size limit\n! refs [remote rejected] (pre-receive hook declined)',
    'target-too-large',
    /120 MB/,
    false
  ]
];

describe('what git says', () => {
  it.each(sayings)('%s', (said, code, sentence, passing) => {
    const verdict = read(said);
    expect(verdict).toMatchObject({ kind: 'problem', passing, problem: { code } });
    if (verdict.kind !== 'problem') return;
    expect(verdict.problem.message).toMatch(sentence);
    expect(verdict.problem.message).toMatch(/^Lab wiki /);
  });

  it.each([
    '!\tabc:refs/heads/main\t[rejected] (fetch first)',
    '!\tabc:refs/heads/main\t[rejected] (non-fast-forward)',
    '!\tabc:refs/heads/main\t[remote rejected] (failed to update ref)',
    "!\tabc:refs/heads/main\t[remote rejected] (cannot lock ref 'refs/heads/main': is at 1 but expected 2)"
  ])('%s: somebody was quicker', said => {
    expect(read(said)).toEqual({ kind: 'overtaken' });
  });

  it.each([
    ["fatal: Unable to create '/x/shallow.lock': File exists.", true],
    ['fatal: not a git repository', false],
    ['error: object file objects/ab/cd is empty', true]
  ])('%s: the copy is broken', (said, isRemote) => {
    expect(read(said, isRemote)).toEqual({ kind: 'local' });
  });

  it('tells silence, a missing program and an end that was asked for', () => {
    expect(read('', true, 'silent')).toMatchObject({ problem: { code: 'target-unreachable' } });
    expect(read('', false, 'missing')).toMatchObject({ problem: { message: expect.stringContaining('Install git') } });
    expect(read('', true, 'cancelled')).toMatchObject({ problem: { code: 'cancelled' } });
  });
});
