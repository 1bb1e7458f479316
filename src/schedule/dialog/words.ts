import type { TranslationBundle } from '@jupyterlab/translation';
import type { Backend, ScheduleForm } from '../../../contract/schedule/form.js';
import type { Policy } from '../../../contract/schedule/spec.js';
import type { PresetKind } from './cronPreset.js';
import type { IDraft, NotifyEvent } from './draft.js';

/** How often, as a choice. */
export function presetWord(kind: PresetKind | 'cron', trans: TranslationBundle): string {
  const words: Record<PresetKind | 'cron', string> = {
    minute: trans.__('Every minute'),
    hour: trans.__('Every hour'),
    day: trans.__('Every day'),
    weekdays: trans.__('Every weekday'),
    week: trans.__('Every week'),
    month: trans.__('Every month'),
    cron: trans.__('By cron expression')
  };
  return words[kind];
}

/** What happens while a run of the schedule goes on. */
export function overlapWord(overlap: Policy['overlap'], trans: TranslationBundle): string {
  const words: Record<Policy['overlap'], string> = {
    skip: trans.__('Skip the new run'),
    queue: trans.__('Let the new run wait'),
    replace: trans.__('End the older run'),
    allow: trans.__('Run both')
  };
  return words[overlap];
}

/** What happens to due times at which nothing was there to run. */
export function catchUpWord(catchUp: Policy['catchUp'], trans: TranslationBundle): string {
  const words: Record<Policy['catchUp'], string> = {
    none: trans.__('List them as missed'),
    last: trans.__('Run the last one'),
    all: trans.__('Run all of them')
  };
  return words[catchUp];
}

/** An event that somebody is told of. */
export function eventWord(event: NotifyEvent, trans: TranslationBundle): string {
  const words: Record<NotifyEvent, string> = {
    failure: trans.__('Failure'),
    recovery: trans.__('Recovery'),
    late: trans.__('Late'),
    success: trans.__('Success')
  };
  return words[event];
}

/** What is chosen for a failure, in one line. */
export function policySummary(draft: IDraft, form: ScheduleForm, trans: TranslationBundle): string {
  const retries = Number(draft.retries);
  const { failure, late } = draft.notify;
  return [
    retries > 0 ? trans._n('retry once', 'retry %1 times', retries) : trans.__('no retry'),
    overlapWord(draft.overlap, trans).toLowerCase(),
    failure.length > 0 || late.length > 0
      ? trans.__('tell %1', people([...failure, ...late], form, trans))
      : trans.__('tell nobody')
  ].join(', ');
}

/** What happens after success, in one line. */
export function publishSummary(draft: IDraft, form: ScheduleForm, trans: TranslationBundle): string {
  const told = draft.notify.success;
  return [
    draft.isPublished
      ? trans.__('update its page in %1', titleOf(form.targets, draft.target))
      : trans.__('keep the output, publish nothing'),
    ...(told.length > 0 ? [trans.__('tell %1', people(told, form, trans))] : [])
  ].join(', ');
}

/** What a schedule asks for that a backend cannot do, in words; nothing where it can do all. */
export function refusals(backend: Backend, draft: IDraft, trans: TranslationBundle): string[] {
  const { can } = backend;
  return [
    ...(can.overlap.includes(draft.overlap) ? [] : [trans.__('overlaps: "%1"', overlapWord(draft.overlap, trans))]),
    ...(can.catchUp.includes(draft.catchUp) ? [] : [trans.__('missed runs: "%1"', catchUpWord(draft.catchUp, trans))]),
    ...(draft.kernel === '' || can.kernel ? [] : [trans.__('a kernel of your choice')]),
    ...(draft.memory.trim() === '' || can.memory ? [] : [trans.__('a memory limit')]),
    ...(!draft.isPublished || can.publish ? [] : [trans.__('publishing')])
  ];
}

/** The words for a name; the name where it has none any more. */
export function titleOf(choices: readonly { name: string; title: string }[], name: string): string {
  return choices.find(choice => choice.name === name)?.title ?? name;
}

/** Channels in words; the owner is who fills it in. */
function people(names: readonly string[], form: ScheduleForm, trans: TranslationBundle): string {
  const words = names.map(name => (name === 'owner' ? trans.__('you') : titleOf(form.channels, name)));
  return [...new Set(words)].join(', ');
}
