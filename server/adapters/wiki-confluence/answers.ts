import * as z from 'zod';
import { ProblemError, type ProblemCode } from '../../../contract/problem.js';
import { retryAfterOf, sentence, type WikiAnswer } from '../../share/wiki/http.js';

/** The newer interface of Cloud lists its reasons, the older one of both gives one. */
const Refusal = z.object({
  errors: z.array(z.object({ title: z.string().nullish(), detail: z.string().nullish() })).optional(),
  message: z.string().nullish()
});

/** What Confluence says, in whatever status, and what it means. The first that fits. */
const REASONS: [RegExp, ProblemCode, string][] = [
  [/page with this title already exists|same title in this space/i, 'target-conflict', 'Choose another title.'],
  [/same file name as an existing attachment/i, 'target-conflict', 'Share again.'],
  [
    /version must be incremented|optimistic ?lock|stale ?state|unreconciled/i,
    'target-conflict',
    'Look at the change, then share again.'
  ],
  [
    /too large|too big|exceeds the (configured )?(maximum|size|file size)|maximum (size|length)/i,
    'target-too-large',
    'Hide the code, clear large outputs, or ask an administrator to raise the limit.'
  ],
  [
    /xhtml|cannot be converted|storage format/i,
    'target-failed',
    'That is a mistake of Lakeside: report it with the notebook. Sharing with hidden code may help until then.'
  ],
  [/xsrf|read.?only mode/i, 'target-forbidden', 'Ask an administrator of the wiki.']
];

/** A refusal with Confluence's own words, for those who know more about what was asked. */
export class ConfluenceRefusal extends ProblemError {
  constructor(
    label: string,
    code: ProblemCode,
    readonly reason: string,
    cure: string,
    retryAfter: number | undefined
  ) {
    super(code, `${label} refused: ${reason} ${cure}`, { ...(retryAfter !== undefined && { retryAfter }) });
  }
}

/** The refusal in an answer; undefined where its status says all that is known. */
export function refusalIn(
  label: string,
  signIn: string,
  { status, headers, text }: WikiAnswer,
  now: number
): ProblemError | undefined {
  if (status === 401)
    return new ProblemError('target-signin', `${label} does not accept Lakeside's token (401). ${signIn}`);
  const reason = reasonIn(text);
  // A proxy or a limit speaks for itself, whatever words come with it.
  if (reason === '' || status === 429 || status >= 500) return undefined;
  const found = REASONS.find(([pattern]) => pattern.test(reason));
  return found && new ConfluenceRefusal(label, found[1], reason, found[2], retryAfterOf(headers, now));
}

/** An answer of a shape that Lakeside knows. @throws ProblemError `target-failed` */
export function answerOf<T>(label: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError(
    'target-failed',
    `${label} gave an answer that Lakeside does not understand. Check in the configuration that the address is that of a Confluence, and its kind: confluence-cloud or confluence-datacenter.`,
    { cause: parsed.error }
  );
}

/** What Confluence gives as the reason, without the names of its Java classes. */
function reasonIn(text: string): string {
  try {
    const parsed = Refusal.safeParse(JSON.parse(text));
    if (!parsed.success) return '';
    const { errors = [], message } = parsed.data;
    const words = errors.flatMap(({ title, detail }) => [title ?? '', detail ?? '']).filter(each => each !== '');
    return sentence((words.length > 0 ? words.join(': ') : (message ?? '')).replace(/^(?:[\w$]+\.)+[\w$]+: /, ''));
  } catch {
    return '';
  }
}
