import type { NoticeKind, Published, Run, RunState, Schedule } from '../../../contract/schedule/index.js';
import { secondsOf } from '../../../contract/schedule/values.js';
import { linksOf } from './links.js';
import { toldParameters } from './parameters.js';
import type { Notice } from './ports.js';
import type { Report } from './report.js';
import { adviceFor } from './advice.js';
import { atTime, inTime, oneLine, shorten } from './words.js';

const TITLE = 200;
const TEXT = 1000;

/** All that a notice is made of. */
export interface Story {
  kind: NoticeKind;
  schedule: Schedule;
  run: Run;
  /** How it ended, and with which attempt; the run may be under way again. */
  state: RunState;
  round: number;
  report: Report | undefined;
  /** Median of former good runs, in seconds. */
  usually: number | undefined;
  published: Published | undefined;
  /** Of a message about a run that is not there yet: what it says. */
  ahead?: string;
}

export interface Teller {
  /** Where people reach Lakeside. */
  publicUrl: string | undefined;
  mentionOf: (owner: string) => string | undefined;
  /** Takes known secrets out of a text. */
  redact: (text: string) => string;
}

/** What people are told. */
export function noticeOf(story: Story, { publicUrl, mentionOf, redact }: Teller): Notice {
  const { kind, schedule, run, state, report, published } = story;
  const { spec } = schedule;
  const attempt = run.attempts[story.round - 1];
  const seconds = report?.seconds ?? secondsBetween(attempt?.startedAt, attempt?.endedAt);
  const mention = mentionOf(run.owner);
  const isBad = kind === 'failure' && state !== 'SUCCEEDED';
  const failed = report?.checks.filter(({ ok }) => !ok) ?? [];
  return {
    kind,
    title: oneLine(redact(titleOf(story)), TITLE),
    text: shorten(redact(textOf(story, seconds)), TEXT),
    advice: adviceFor({ kind, state, published, hasCell: !!report?.cell }),
    owner: run.owner,
    ...(mention !== undefined && { mention }),
    schedule: { id: schedule.id, name: spec.name, notebook: spec.notebook.path },
    run: {
      id: run.id,
      state,
      dueAt: run.dueAt,
      due: atTime(run.dueAt, spec.when.zone),
      attempts: story.round,
      ...(seconds !== undefined && { seconds }),
      ...(story.usually !== undefined && { usually: story.usually })
    },
    ...(isBad && report?.cell && { cell: { ...report.cell, firstLine: redact(report.cell.firstLine) } }),
    ...(isBad && report?.error && { error: errorOf(report.error, redact) }),
    checks: failed.map(({ expression, value }) => ({
      expression: oneLine(redact(expression), 300),
      value: oneLine(redact(inWords(value)), 300)
    })),
    messages: (report?.notifications ?? []).slice(0, 20).map(({ text }) => shorten(redact(text), 500)),
    parameters: toldParameters(report?.parameters ?? { ...spec.parameters, ...run.parameters }, redact),
    links: linksOf({ kind, run, round: story.round, published }, publicUrl)
  };
}

function titleOf({ kind, schedule, state, report, ahead }: Story): string {
  const { name } = schedule.spec;
  switch (kind) {
    case 'recovery':
      return `${name} works again`;
    case 'success':
      return `${name} ran`;
    case 'late':
      return state === 'MISSED' ? `${name} did not run on time` : `${name} is late`;
    case 'notify':
      if (ahead !== undefined) return `${name}: sign in before its next run`;
      return `${name}: ${report?.notifications[0]?.text ?? 'a message'}`;
    case 'failure':
      return `${name} ${failureOf(state, report)}`;
  }
}

function failureOf(state: RunState, report: Report | undefined): string {
  const where = report?.cell ? ` in cell ${report.cell.number}` : '';
  switch (state) {
    case 'SUCCEEDED':
      return 'ran, but its page was not updated';
    case 'FAILED_CHECK':
      return `did not pass a data check${where}`;
    case 'TIMED_OUT':
      return `took too long${where}`;
    case 'LOST':
      return 'was cut off';
    default:
      return `failed${where}`;
  }
}

function textOf(
  { kind, schedule, run, state, round, report, published, ahead }: Story,
  seconds: number | undefined
): string {
  const took = seconds === undefined ? '' : ` in ${inTime(seconds)}`;
  const page = published?.state === 'done' ? ` ${pageIs(published)}` : '';
  switch (kind) {
    case 'recovery':
      return `It ran well${took}, for the first time after a failure.${page}`;
    case 'success':
      return `It ran well${took}.${page}`;
    case 'late':
      return state === 'MISSED' ? (run.reason ?? '') : lateText(schedule, run);
    case 'notify':
      return ahead ?? (report?.notifications ?? []).map(({ text }) => text).join('\n');
    case 'failure':
      if (state === 'SUCCEEDED') return published?.reason ?? 'Its output could not be published.';
      return run.attempts[round - 1]?.reason ?? run.reason ?? 'Nobody knows why.';
  }
}

function pageIs({ title, versionNumber }: Published): string {
  const name = title === undefined ? 'Its page' : `Its page "${title}"`;
  return versionNumber === undefined ? `${name} is up to date.` : `${name} shows it as version ${versionNumber}.`;
}

function lateText({ spec }: Schedule, { state }: Run): string {
  const after = spec.policy.lateAfter === undefined ? '' : ` ${inTime(secondsOf(spec.policy.lateAfter))}`;
  return state === 'RUNNING'
    ? `It has not ended${after} after it was due; it is still running.`
    : `It has not ended${after} after it was due; it is still waiting for its turn.`;
}

function errorOf(error: NonNullable<Report['error']>, redact: (text: string) => string): Notice['error'] {
  const { name, firstLine, lastLine } = error;
  return { name, firstLine: redact(firstLine), lastLine: redact(lastLine) };
}

function inWords(value: unknown): string {
  if (value === undefined) return 'unknown';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Seconds between two instants; undefined where one is not known. */
export function secondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : (Date.parse(to) - Date.parse(from)) / 1000;
}
