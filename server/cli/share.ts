import { resolve } from 'node:path';
import { ulid } from 'ulid';
import type * as z from 'zod';
import type { Client } from '../../contract/client.js';
import type { Job, JobStep } from '../../contract/jobs.js';
import { ProblemError } from '../../contract/problem.js';
import { routes } from '../../contract/routes.js';
import { PageConflict, ShareResult, type FindingDecision, type PublishRequest } from '../../contract/share/index.js';
import { readArguments } from './arguments.js';
import { bytesInWords, note, plain, print, printJson, progress } from './output.js';
import { withSession } from './session.js';
import { shareUsage } from './usage.js';

/** `lakeside share`: publishes a notebook to the Library, and to a wiki where one is named, and prints where it is. */
export async function share(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      title: { type: 'string' },
      tag: { type: 'string', multiple: true },
      group: { type: 'string', multiple: true },
      'hide-code': { type: 'boolean' },
      'show-code': { type: 'boolean' },
      update: { type: 'boolean' },
      new: { type: 'boolean' },
      to: { type: 'string' },
      space: { type: 'string' },
      parent: { type: 'string' },
      'page-title': { type: 'string' },
      'on-conflict': { type: 'string' },
      'not-a-secret': { type: 'string', multiple: true },
      'publish-secret': { type: 'string', multiple: true },
      redact: { type: 'string', multiple: true },
      reason: { type: 'string' },
      json: { type: 'boolean' }
    },
    { min: 1, usage: shareUsage }
  );
  const hideCode = choice(values['hide-code'], values['show-code'], '--hide-code', '--show-code');
  const update = choice(values.update, values.new, '--update', '--new');
  const wanted = answer(values['on-conflict']);
  const place = {
    ...(values['page-title'] !== undefined && { title: values['page-title'] }),
    ...(values.space !== undefined && { space: values.space }),
    ...(values.parent !== undefined && { parent: values.parent })
  };
  const findings = decisions(values);
  const request = {
    path: resolve(positionals[0] ?? ''),
    ...(values.to !== undefined && { target: values.to }),
    ...(Object.keys(place).length > 0 && { place }),
    ...(values.title !== undefined && { title: values.title }),
    ...(values.tag && { tags: values.tag }),
    ...(values.group && { groups: values.group }),
    ...(hideCode !== undefined && { hideCode }),
    ...(update !== undefined && { duplicate: update ? ('update' as const) : ('new' as const) }),
    ...(findings.length > 0 && { findings })
  };
  return withSession(async ({ client, finish }) => {
    // What a command that was killed left comes first, or it would come over this one later.
    await finish();
    const result = await publish(client, request, wanted);
    if (values.json) printJson(result);
    else describe(result);
    return 0;
  });
}

/** What to do with findings, which `lakeside scan` names. */
function decisions(values: {
  'not-a-secret'?: string[] | undefined;
  'publish-secret'?: string[] | undefined;
  redact?: string[] | undefined;
  reason?: string | undefined;
}): FindingDecision[] {
  const { 'not-a-secret': harmless = [], 'publish-secret': publish = [], redact = [], reason } = values;
  if (harmless.length + publish.length > 0 && reason === undefined) {
    throw new ProblemError('bad-request', 'Say why with --reason: it is kept with what you decide.');
  }
  return [
    ...harmless.map(fingerprint => ({ fingerprint, action: 'not-a-secret' as const, reason: reason ?? '' })),
    ...publish.map(fingerprint => ({ fingerprint, action: 'publish' as const, reason: reason ?? '' })),
    ...redact.map(fingerprint => ({ fingerprint, action: 'redact' as const }))
  ];
}

function choice(
  yes: boolean | undefined,
  no: boolean | undefined,
  yesName: string,
  noName: string
): boolean | undefined {
  if (yes && no)
    throw new ProblemError('bad-request', `${yesName} and ${noName} exclude each other. Give one of them.`);
  return yes ? true : no ? false : undefined;
}

/** What to do with an edit of somebody else in the page of a wiki. `fail`, which is what happens anyway, says why. */
function answer(given: string | undefined): PublishRequest['conflict'] {
  if (given === undefined || given === 'fail') return undefined;
  if (given === 'merge' || given === 'overwrite' || given === 'new') return given;
  throw new ProblemError('bad-request', `--on-conflict takes merge, overwrite, new or fail, not "${given}".`);
}

type Request = Omit<z.input<typeof PublishRequest>, 'opId'>;

/**
 * Shares, and where somebody edited the page says what was wanted then: about the very text that stood in the way, so
 * that what is written in between is asked about anew.
 */
async function publish(client: Client, request: Request, wanted: PublishRequest['conflict']): Promise<ShareResult> {
  try {
    return await follow(client, await client.call(routes.share.publish, { body: { ...request, opId: ulid() } }));
  } catch (error) {
    const conflict = error instanceof ProblemError ? conflictOf(error) : undefined;
    if (wanted === undefined || conflict?.answers.includes(wanted) !== true) throw withCure(error);
    const settled = { ...request, opId: ulid(), conflict: wanted, seen: conflict.seen };
    const job = await client.call(routes.share.publish, { body: settled });
    return await follow(client, job).catch((again: unknown) => {
      throw withCure(again);
    });
  }
}

/** Waits for a job, showing its progress; Ctrl-C cancels it. */
async function follow(client: Client, job: Job): Promise<ShareResult> {
  const cancel = (): void => void client.call(routes.jobs.cancel, { params: { jobId: job.id } }).catch(() => undefined);
  process.once('SIGINT', cancel);
  try {
    const events = await client.call(routes.jobs.events, { params: { jobId: job.id } });
    for await (const { data } of events) {
      if (data.type === 'step') {
        progress(inWords(data.step));
        continue;
      }
      const { state, result, problem } = data.job;
      if (state === 'succeeded') return ShareResult.parse(result);
      if (state === 'cancelled') throw new ProblemError('cancelled', 'Cancelled. Nothing was published.');
      if (state === 'failed' && problem) throw ProblemError.from(problem);
    }
    throw new ProblemError('internal', 'The share ended without a word. Share again: nothing is published twice.');
  } finally {
    progress(undefined);
    process.off('SIGINT', cancel);
  }
}

function conflictOf(problem: ProblemError): PageConflict | undefined {
  return PageConflict.safeParse(problem.details).data;
}

/** Where a person chooses, the command line says how. */
function withCure(problem: unknown): unknown {
  if (!(problem instanceof ProblemError)) return problem;
  if (problem.code === 'same-id') return new ProblemError('same-id', `${problem.message} Say --update or --new.`);
  const conflict = conflictOf(problem);
  if (conflict === undefined) return problem;
  const { pages, answers, counts, library } = conflict;
  const clashes = counts.clash > 0 ? ` Changed on both sides: ${counts.clash} in the text.` : '';
  const held = library ? ` The Library has version ${library.versionNumber}; no page in the wiki was changed.` : '';
  const where = pages.map(({ url }) => plain(url)).join(' ');
  return new ProblemError(
    problem.code,
    `${problem.message}${clashes}${held} Say --on-conflict ${list(answers)}. ${where}`
  );
}

/** "merge, overwrite or new". */
function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

function inWords(step: JobStep): string {
  const far = step.total > 0 ? ` ${step.done} of ${step.total}` : '';
  return `${step.name}${far}${step.detail ? ` · ${step.detail}` : ''}`;
}

function describe(result: ShareResult): void {
  const outcome = {
    created: 'Shared',
    updated: `Updated to version ${result.versionNumber}`,
    details: 'Changed title, tags or groups',
    unchanged: 'Already up to date'
  }[result.outcome];
  const written =
    result.objectWrites > 0 ? ` · ${bytesInWords(result.bytesWritten)} in ${result.objectWrites} objects` : '';
  print(`${outcome}: ${plain(result.title)} (version ${result.versionNumber}${written})`);
  print(`id ${result.notebookId}`);
  if (result.wiki) {
    const { url, title, outcome: what, uploads } = result.wiki;
    const words = { created: 'New page', updated: 'Updated page', unchanged: 'Page already up to date' }[what];
    print(
      `${words}: ${plain(title)}${uploads > 0 ? ` · ${uploads} ${uploads === 1 ? 'figure' : 'figures'} sent` : ''}`
    );
    print(plain(url));
  }
  for (const sentence of result.notes) note(plain(sentence));
  if (result.secrets && result.secrets.redacted > 0) note('What was found: lakeside scan');
}
