import * as z from 'zod';
import { ProblemError, type ProblemCode } from '../../../contract/problem.js';
import { retryAfterOf, sentence } from '../../share/wiki/http.js';

/** What MediaWiki answers with status 200 when something is wrong. */
const Failure = z.object({ error: z.object({ code: z.string(), info: z.string().default('') }) });

const CODES: [RegExp, ProblemCode][] = [
  [/^(editconflict|articleexists)$/, 'target-conflict'],
  [/^(missingtitle|nosuchpageid|nosuchrevid|pagedeleted)$/, 'target-not-found'],
  [/^(contenttoobig|file-too-large|filesize|post-too-large)$/, 'target-too-large'],
  [/^(ratelimited|maxlag|readonly|actionthrottledtext|throttled)$/, 'target-busy'],
  [/^(badtoken|notoken|assert\w*failed|notloggedin|mustbeloggedin|login.*)$/, 'target-signin'],
  [
    /denied|protected|^cantcreate|blocked|^noedit|badaccess|^abusefilter|blacklist|blockeddomain|captcha|uploaddisabled|verification-error|filetype|^hookaborted|^mwoauth/,
    'target-forbidden'
  ]
];

const CURES: Partial<Record<ProblemCode, string>> = {
  'target-conflict': 'Look at the change, then share again.',
  'target-not-found': 'Publish it as a new page, or ask for it to be restored.',
  'target-too-large': 'Hide the code, clear large outputs, or ask an administrator to raise the limit.',
  'target-busy': 'Share again in a while.',
  'target-signin': 'Check the bot password in the configuration.',
  'target-forbidden': 'Ask an administrator of the wiki for the right, or choose another place.'
};

/** The refusal in an answer as a problem; undefined where it holds none. */
export function refusalIn(label: string, value: unknown, headers: Headers, now: number): MediaWikiRefusal | undefined {
  const failure = Failure.safeParse(value).data;
  return failure && new MediaWikiRefusal(label, failure.error.code, failure.error.info, retryAfterOf(headers, now));
}

/** A refusal with MediaWiki's own code, for those who know more about what was asked. */
export class MediaWikiRefusal extends ProblemError {
  constructor(
    label: string,
    readonly reason: string,
    info: string,
    retryAfter?: number
  ) {
    const code = CODES.find(([pattern]) => pattern.test(reason))?.[1] ?? 'target-failed';
    const cure = CURES[code] ?? 'If it stays, tell an administrator of the wiki.';
    super(code, `${label} refused: ${sentence(info === '' ? reason : info)} ${cure}`, {
      ...(retryAfter !== undefined && { retryAfter })
    });
  }
}

/** An answer of a shape that Lakeside knows. @throws ProblemError `target-failed` */
export function answerOf<T>(label: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError(
    'target-failed',
    `${label} gave an answer that Lakeside does not understand. Check in the configuration that the address is that of api.php and that the wiki is MediaWiki 1.39 or newer.`,
    { cause: parsed.error }
  );
}
