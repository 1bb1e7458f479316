import type * as z from 'zod';
import { problems, ProblemError, type ProblemCode } from '../../../contract/problem.js';
import type { WikiMethod } from '../../plugins/protocol.js';
import type { WikiCall, WikiDialect, WikiTarget } from '../../share/wiki/ports.js';
import { holdsMarker } from '../../share/wiki/region.js';
import { answers } from './answers.js';
import { PluginFailure } from './process.js';
import { plainLine } from './words.js';

export interface GuardOptions {
  /** Name of the plug-in, and what people call the wiki, for sentences. */
  plugin: string;
  label: string;
  /** Takes secrets out of a text. */
  redact: (text: string) => string;
}

/** Hands a call to the plug-in. */
export type Use = (method: WikiMethod, args: readonly unknown[], call: WikiCall | undefined) => Promise<unknown>;

/** Codes that a plug-in may use; others would blame Lakeside or the notebook. */
const isOwn = (code: string | undefined): code is ProblemCode =>
  code !== undefined && Object.hasOwn(problems, code) && (code.startsWith('target-') || code === 'invalid');

/** What a plug-in did wrong, as a problem. Whatever it threw, the sentence names it and holds no secret. */
export function problemOf(error: unknown, what: string, { plugin, label, redact }: GuardOptions): ProblemError {
  if (error instanceof ProblemError) return error;
  if (!(error instanceof PluginFailure)) throw error;
  const { message, code, errors, retryAfter } = error.fault;
  const said = plainLine(redact(message), 600);
  if (isOwn(code) && said !== '')
    return new ProblemError(code, said, {
      ...(errors && {
        errors: errors.map(each => ({
          field: plainLine(redact(each.field), 200),
          message: plainLine(redact(each.message), 600)
        }))
      }),
      ...(retryAfter !== undefined && { retryAfter })
    });
  const why = said === '' ? 'without a word' : said.replace(/[.\s]+$/, '');
  return new ProblemError(
    'target-failed',
    `${label}: the plug-in ${plugin} failed ${what}: ${why}. Try again; if it stays, tell its author.`
  );
}

/** A check of what the plug-in answered. @throws ProblemError `target-failed` naming what is wrong, never the value */
export function checked<T>(schema: z.ZodType<T>, value: unknown, what: string, { plugin, label }: GuardOptions): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw new ProblemError(
    'target-failed',
    `${label}: the plug-in ${plugin} gave a wrong answer ${what}: ${plainLine(where + (issue?.message ?? ''), 300)}. Tell its author.`
  );
}

/** A wiki target whose every call goes to foreign code, and whose every answer is looked at before anybody gets it. */
export function guardedTarget(use: Use, options: GuardOptions): WikiTarget {
  let dialect: WikiDialect | undefined;

  async function ask<M extends WikiMethod>(
    method: M,
    args: readonly unknown[],
    call: WikiCall | undefined
  ): Promise<z.output<(typeof answers)[M]>> {
    const what = `in ${method}()`;
    const given = await use(method, args, call).catch((error: unknown) => {
      throw problemOf(error, what, options);
    });
    return checked(answers[method] as z.ZodType<z.output<(typeof answers)[M]>>, given, what, options);
  }

  return {
    async check(call) {
      const standing = await ask('check', [], call);
      dialect = standing.features.dialect;
      const clean = (text: string): string => plainLine(options.redact(text), 500);
      return {
        ...standing,
        account: clean(standing.account),
        software: clean(standing.software),
        lacks: standing.lacks.map(clean),
        ...(standing.home && { home: { id: standing.home.id, name: clean(standing.home.name) } })
      };
    },
    async spaces(query, call) {
      return (await ask('spaces', [query], call)).slice(0, 50);
    },
    async parents(query, given, call) {
      return (await ask('parents', [query, given], call)).slice(0, 50);
    },
    async find(marker, hint, call) {
      const found = await ask('find', [marker, hint], call);
      // Else Lakeside would write to a page that is none of its own.
      return found.filter(page => dialect === undefined || holdsMarker(page.body, dialect, marker)).map(toPage);
    },
    async read(pageId, call) {
      const page = await ask('read', [pageId], call);
      return page && toPage(page);
    },
    async create(page, call) {
      return toPage(await ask('create', [page], call));
    },
    async missing(pageId, attachments, call) {
      const names = new Set((await ask('missing', [pageId, attachments], call)).map(({ name }) => name));
      return attachments.filter(({ name }) => names.has(name));
    },
    async upload(pageId, attachment, call) {
      await ask('upload', [pageId, attachment], call);
    },
    async write(pageId, change, call) {
      const page = toPage(await ask('write', [pageId, change], call));
      if (page.id === pageId) return page;
      throw new ProblemError(
        'target-failed',
        `${options.label}: the plug-in ${options.plugin} wrote to the page ${pageId} and answered with another one. Tell its author.`
      );
    },
    async close() {
      await ask('close', [], undefined);
    }
  };
}

/** Optional fields that are not there are left out, as the port has them. */
function toPage({ editor, editedAt, ...page }: z.output<typeof answers.create>): z.output<typeof answers.create> & {
  editor?: string;
  editedAt?: string;
} {
  return { ...page, ...(editor !== undefined && { editor }), ...(editedAt !== undefined && { editedAt }) };
}
